-- alone
CREATE TABLE a (a integer);
CREATE TABLE t (a integer);
CREATE TABLE p (a integer) PARTITION BY RANGE (a);
