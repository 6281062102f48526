-- since: 18
-- A child of a PERIOD foreign key has as many parents as it takes to cover its time; a parent that is not enforced may
-- not be there.
CREATE TABLE rooms (id int4range, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE stays (
    room int4range NOT NULL, during daterange NOT NULL, guest integer NOT NULL, PRIMARY KEY (room, during WITHOUT OVERLAPS),
    FOREIGN KEY (room, PERIOD during) REFERENCES rooms (id, PERIOD during)
);
CREATE TABLE guests (id integer PRIMARY KEY);
ALTER TABLE stays ADD FOREIGN KEY (guest) REFERENCES guests NOT ENFORCED;
