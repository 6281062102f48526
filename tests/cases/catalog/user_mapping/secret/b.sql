CREATE FOREIGN DATA WRAPPER user_mapping_secret;
CREATE SERVER user_mapping_secret FOREIGN DATA WRAPPER user_mapping_secret;
CREATE USER MAPPING FOR headworks_case_reader SERVER user_mapping_secret OPTIONS (password 's3cr3t2', user 'x');
