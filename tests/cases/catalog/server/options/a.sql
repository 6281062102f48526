CREATE FOREIGN DATA WRAPPER server_options;
CREATE SERVER server_options FOREIGN DATA WRAPPER server_options OPTIONS (host 'a', port '5432', user_name 'x y''z');
