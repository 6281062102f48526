CREATE TABLE posts (id integer PRIMARY KEY);
CREATE TABLE tags (id integer PRIMARY KEY);
CREATE TABLE groups (id integer PRIMARY KEY);
CREATE TABLE places (id integer PRIMARY KEY);
CREATE TABLE "_PostToTag" (
    "A" bigint NOT NULL, "B" integer, ranking integer NOT NULL, note text, PRIMARY KEY ("A", ranking)
);
CREATE TABLE "_GroupToPost" (
    "A" integer NOT NULL REFERENCES posts, "B" integer NOT NULL REFERENCES posts ON DELETE SET NULL, UNIQUE ("A", "B")
);
CREATE INDEX ON "_GroupToPost" ("B") WHERE "A" > 3;
CREATE TABLE "_PlaceToPost" ("A" integer NOT NULL);
