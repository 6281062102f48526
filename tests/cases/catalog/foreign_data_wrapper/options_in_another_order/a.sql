-- pg_dump may tell
CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_options_in_another_order OPTIONS (b '1', a '2');
