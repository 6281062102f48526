CREATE TABLE t (id integer, x numeric(10,3), y timestamptz(3), z varchar(21), w integer[][], v interval day to second(4));
