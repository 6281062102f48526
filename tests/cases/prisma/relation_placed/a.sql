CREATE TABLE orgs (id integer PRIMARY KEY, boss_id integer);
CREATE TABLE users (id integer PRIMARY KEY, org_id integer NOT NULL REFERENCES orgs, name text);
CREATE TABLE posts (
    id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES users, editor_id integer REFERENCES users,
    org_id integer NOT NULL REFERENCES orgs, title text, body text
);
ALTER TABLE orgs ADD FOREIGN KEY (boss_id) REFERENCES users;
CREATE TABLE author (id integer PRIMARY KEY, author_id integer REFERENCES author, posts integer REFERENCES posts);
