CREATE TABLE üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüz (üxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx integer NOT NULL);
CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (b integer NOT NULL);
CREATE TABLE a (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb integer NOT NULL);
CREATE TABLE t (x integer CONSTRAINT x_not_null NOT NULL);
