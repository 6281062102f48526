CREATE TABLE a (x integer, y integer, PRIMARY KEY (x, y));
CREATE TABLE b (id integer PRIMARY KEY, ax integer, ay integer,
    FOREIGN KEY (ay, ax) REFERENCES a (y, x) ON DELETE SET NULL ON UPDATE CASCADE);
