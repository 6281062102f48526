CREATE FOREIGN DATA WRAPPER trigger_of_a_foreign_table;
CREATE SERVER trigger_of_a_foreign_table FOREIGN DATA WRAPPER trigger_of_a_foreign_table;
CREATE FOREIGN TABLE t (a integer) SERVER trigger_of_a_foreign_table;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
