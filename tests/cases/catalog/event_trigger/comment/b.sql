CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER event_trigger_comment ON ddl_command_end EXECUTE FUNCTION f();
COMMENT ON EVENT TRIGGER event_trigger_comment IS 'two';
