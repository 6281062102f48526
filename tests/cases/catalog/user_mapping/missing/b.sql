CREATE FOREIGN DATA WRAPPER user_mapping_missing;
CREATE SERVER user_mapping_missing FOREIGN DATA WRAPPER user_mapping_missing;
