-- alone
CREATE EXTENSION hstore;
CREATE EXTENSION btree_gist;
