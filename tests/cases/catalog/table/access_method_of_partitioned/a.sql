-- alone, PostgreSQL 17
CREATE TABLE p (a integer) PARTITION BY RANGE (a);
