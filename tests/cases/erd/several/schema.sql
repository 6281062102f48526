-- Each constraint is a line of its own: two to one table, one to the table itself, and one twice declared. Their order is
-- that of the columns.
CREATE TABLE people (id integer PRIMARY KEY, manager_id integer REFERENCES people);
CREATE TABLE letters (
    recipient_id integer NOT NULL CONSTRAINT z REFERENCES people,
    author_id integer CONSTRAINT a REFERENCES people,
    CONSTRAINT again FOREIGN KEY (author_id) REFERENCES people
);
