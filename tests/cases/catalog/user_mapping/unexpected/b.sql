CREATE FOREIGN DATA WRAPPER user_mapping_unexpected;
CREATE SERVER user_mapping_unexpected FOREIGN DATA WRAPPER user_mapping_unexpected;
CREATE USER MAPPING FOR PUBLIC SERVER user_mapping_unexpected;
