CREATE TABLE a (x integer, y integer, PRIMARY KEY (y, x));
CREATE TABLE b (x integer NOT NULL, y integer NOT NULL, CONSTRAINT pk_b PRIMARY KEY (x));
CREATE TABLE c (x integer NOT NULL UNIQUE);
