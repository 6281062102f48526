-- alone
CREATE EXTENSION citext;
