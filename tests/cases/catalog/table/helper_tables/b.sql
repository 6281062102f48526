CREATE TABLE headworks_other (id integer);
