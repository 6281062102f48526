CREATE TABLE t ("a, b" integer, "SELECT" integer);
