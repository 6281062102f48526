CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER event_trigger_enabled_always ON ddl_command_end EXECUTE FUNCTION f();
ALTER EVENT TRIGGER event_trigger_enabled_always ENABLE ALWAYS;
