-- alone
CREATE PUBLICATION publication_all_tables;
