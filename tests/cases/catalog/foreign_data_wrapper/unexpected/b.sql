CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_unexpected OPTIONS (x 'y');
CREATE SERVER foreign_data_wrapper_unexpected FOREIGN DATA WRAPPER foreign_data_wrapper_unexpected;
CREATE USER MAPPING FOR PUBLIC SERVER foreign_data_wrapper_unexpected;
GRANT USAGE ON FOREIGN DATA WRAPPER foreign_data_wrapper_unexpected TO headworks_case_reader;
