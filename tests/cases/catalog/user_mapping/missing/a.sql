CREATE FOREIGN DATA WRAPPER user_mapping_missing;
CREATE SERVER user_mapping_missing FOREIGN DATA WRAPPER user_mapping_missing;
CREATE USER MAPPING FOR headworks_case_reader SERVER user_mapping_missing OPTIONS (user 'x');
