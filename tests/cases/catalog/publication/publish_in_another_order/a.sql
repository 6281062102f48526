CREATE PUBLICATION publication_publish_in_another_order WITH (publish = 'insert, delete');
