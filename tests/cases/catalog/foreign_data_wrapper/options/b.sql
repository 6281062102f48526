CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_options OPTIONS (a '2', b '2', c '');
