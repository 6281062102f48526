CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_comment;
COMMENT ON FOREIGN DATA WRAPPER foreign_data_wrapper_comment IS 'two';
