CREATE TABLE owners (id integer PRIMARY KEY);
CREATE TABLE pets (id integer PRIMARY KEY, owner_id integer REFERENCES owners ON DELETE CASCADE,
    vet_id integer NOT NULL CONSTRAINT fk_vet REFERENCES owners ON UPDATE CASCADE ON DELETE RESTRICT, other_id integer);
