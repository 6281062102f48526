CREATE PUBLICATION publication_generated_columns WITH (publish_generated_columns = stored);
