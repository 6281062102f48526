CREATE PUBLICATION publication_all_tables FOR ALL TABLES;
