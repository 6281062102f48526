CREATE FOREIGN DATA WRAPPER server_comment;
CREATE SERVER server_comment FOREIGN DATA WRAPPER server_comment;
COMMENT ON SERVER server_comment IS 'one';
