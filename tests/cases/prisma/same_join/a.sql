CREATE TABLE posts (id integer PRIMARY KEY);
CREATE TABLE tags (id uuid PRIMARY KEY);
CREATE TABLE groups (name varchar(20) PRIMARY KEY);
-- As Prisma 6 and later make it.
CREATE TABLE "_PostToTag" (
    "A" integer NOT NULL REFERENCES posts ON DELETE CASCADE ON UPDATE CASCADE,
    "B" uuid NOT NULL REFERENCES tags ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag" ("B");
-- As it was before, and under other names, with a column that nobody has to fill in.
CREATE TABLE "_GroupToPost" (
    "A" varchar(20) NOT NULL REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE,
    "B" integer NOT NULL REFERENCES posts ON DELETE CASCADE ON UPDATE CASCADE,
    added_at timestamptz NOT NULL DEFAULT now(), note text
);
CREATE UNIQUE INDEX u ON "_GroupToPost" ("A", "B");
CREATE INDEX i ON "_GroupToPost" ("B", added_at);
-- Of one model with itself.
CREATE TABLE "_Like" (
    "A" integer NOT NULL REFERENCES posts ON DELETE CASCADE ON UPDATE CASCADE,
    "B" integer NOT NULL REFERENCES posts ON DELETE CASCADE ON UPDATE CASCADE, UNIQUE ("B", "A")
);
