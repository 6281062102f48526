CREATE PUBLICATION publication_publish WITH (publish = 'truncate, update, insert');
