CREATE FOREIGN DATA WRAPPER user_mapping_options;
CREATE SERVER user_mapping_options FOREIGN DATA WRAPPER user_mapping_options;
CREATE USER MAPPING FOR headworks_case_reader SERVER user_mapping_options OPTIONS (user 'y', password_required 'false');
