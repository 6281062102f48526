CREATE FOREIGN DATA WRAPPER server_secret;
CREATE SERVER server_secret FOREIGN DATA WRAPPER server_secret OPTIONS (password 's3cr3t2', private_key 's3cr3t2', dsn 'postgresql://me:s3cr3t2@h/d', odbc_pwd 's3cr3t2');
