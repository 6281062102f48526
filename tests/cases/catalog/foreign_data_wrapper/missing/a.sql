CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_missing;
