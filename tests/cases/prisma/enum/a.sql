CREATE TYPE mood AS ENUM ('ok', 'so so', 'bad');
CREATE TYPE size AS ENUM ('1', 'x-l');
CREATE TABLE t (id integer PRIMARY KEY, a mood NOT NULL, b size NOT NULL, c mood[], d size);
