CREATE PUBLICATION publication_publish WITH (publish = 'insert, delete');
