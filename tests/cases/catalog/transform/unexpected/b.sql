CREATE TYPE x AS ENUM ('y');
CREATE FUNCTION to_x(internal) RETURNS x LANGUAGE internal IMMUTABLE AS 'enum_recv';
CREATE FUNCTION to_x2(internal) RETURNS x LANGUAGE internal IMMUTABLE AS 'enum_recv';
CREATE TRANSFORM FOR x LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION to_x(internal));
