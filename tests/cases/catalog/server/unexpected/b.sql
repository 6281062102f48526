CREATE FOREIGN DATA WRAPPER server_unexpected;
CREATE SERVER server_unexpected FOREIGN DATA WRAPPER server_unexpected;
CREATE USER MAPPING FOR headworks_case_reader SERVER server_unexpected OPTIONS (user 'x');
GRANT USAGE ON FOREIGN SERVER server_unexpected TO headworks_case_reader;
ALTER SERVER server_unexpected OWNER TO headworks_case_owner;
