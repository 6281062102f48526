CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_options_in_another_order OPTIONS (a '2', b '1');
