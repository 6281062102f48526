-- PostgreSQL 18
CREATE PUBLICATION publication_generated_columns;
