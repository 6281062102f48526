CREATE TABLE p (a integer NOT NULL, b text) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'p1'::regclass; -- as a cancelled DETACH CONCURRENTLY leaves it
