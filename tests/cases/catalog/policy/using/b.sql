CREATE TABLE t (id integer, a text);
CREATE POLICY p ON t USING (EXISTS (SELECT FROM t AS u WHERE u.id = t.id AND u.a = current_user));
