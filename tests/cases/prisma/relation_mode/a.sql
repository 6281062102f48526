CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE posts (id integer PRIMARY KEY, user_id integer NOT NULL, other_id integer REFERENCES users);
CREATE TABLE "_Like" ("A" integer, "B" integer NOT NULL, PRIMARY KEY ("A", "B"));
CREATE INDEX ON "_Like" ("B");
CREATE INDEX posts_user_id_idx ON posts (user_id);
