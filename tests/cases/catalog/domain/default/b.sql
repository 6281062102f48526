CREATE DOMAIN email AS text DEFAULT lower('X');
