CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER event_trigger_event ON ddl_command_start EXECUTE FUNCTION f();
