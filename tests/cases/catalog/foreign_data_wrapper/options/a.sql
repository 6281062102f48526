CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_options OPTIONS (b '1', a '2');
