-- The child end is "zero or one" where the foreign key contains a whole key, of whatever kind.
CREATE TABLE users (id integer PRIMARY KEY, tenant integer NOT NULL, UNIQUE (id, tenant));
CREATE TABLE by_primary_key (user_id integer PRIMARY KEY REFERENCES users);
CREATE TABLE by_constraint (user_id integer UNIQUE REFERENCES users);
CREATE TABLE by_index (user_id integer NOT NULL REFERENCES users);
CREATE UNIQUE INDEX ON by_index (user_id DESC);
CREATE TABLE by_odd_index ("User Id" integer NOT NULL REFERENCES users);
CREATE UNIQUE INDEX ON by_odd_index ("User Id");
CREATE TABLE by_part (user_id integer NOT NULL UNIQUE, tenant integer NOT NULL, FOREIGN KEY (user_id, tenant) REFERENCES users (id, tenant));
