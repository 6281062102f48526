CREATE TABLE t (id integer, x numeric(10,2), y timestamp(3), z varchar(20), w integer[], v interval day to second(3));
