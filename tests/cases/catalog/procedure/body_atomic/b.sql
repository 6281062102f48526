CREATE TABLE t (a integer, b text);
CREATE TABLE u (a integer, c text);
CREATE PROCEDURE p(x integer) LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO t (a, b) VALUES (x, 'y');
  UPDATE t SET b = upper(b) WHERE a = x + 1;
  DELETE FROM t USING u WHERE u.a = t.a AND u.c = t.b;
  INSERT INTO t SELECT a, c FROM u ON CONFLICT DO NOTHING;
END;
