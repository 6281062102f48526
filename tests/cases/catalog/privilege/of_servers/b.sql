CREATE FOREIGN DATA WRAPPER privilege_of_servers;
CREATE SERVER privilege_of_servers FOREIGN DATA WRAPPER privilege_of_servers;
GRANT USAGE ON FOREIGN DATA WRAPPER privilege_of_servers TO headworks_case_reader;
GRANT USAGE ON FOREIGN SERVER privilege_of_servers TO headworks_case_writer WITH GRANT OPTION;
