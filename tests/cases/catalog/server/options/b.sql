CREATE FOREIGN DATA WRAPPER server_options;
CREATE SERVER server_options FOREIGN DATA WRAPPER server_options OPTIONS (port '5432', host 'b');
