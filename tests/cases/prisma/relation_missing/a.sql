CREATE TABLE authors (id integer PRIMARY KEY);
CREATE TABLE elsewhere (id integer PRIMARY KEY);
CREATE TABLE books (
    id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES authors, editor_id integer REFERENCES authors ON DELETE CASCADE,
    part_of integer REFERENCES books, elsewhere_id integer REFERENCES elsewhere
);
CREATE TABLE notes (book_id integer PRIMARY KEY REFERENCES books ON DELETE CASCADE);
