CREATE TYPE mood AS ENUM ('ok');
CREATE TYPE level AS ENUM ('low');
CREATE FUNCTION to_mood(internal) RETURNS mood LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE FUNCTION to_level(internal) RETURNS level LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE TRANSFORM FOR mood LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal),
    TO SQL WITH FUNCTION to_mood(internal));
CREATE TRANSFORM FOR level LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal),
    TO SQL WITH FUNCTION to_level(internal));
CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql TRANSFORM FOR TYPE mood, FOR TYPE level
    AS 'SELECT x';
