CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER event_trigger_tags_in_another_order ON ddl_command_end WHEN TAG IN ('ALTER VIEW', 'CREATE VIEW') EXECUTE FUNCTION f();
