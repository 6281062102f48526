CREATE FOREIGN DATA WRAPPER foreign_data_wrapper_secret OPTIONS (api_token 's3cr3t2');
