CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, CHECK (email <> ''));
CREATE INDEX users_by_domain ON users (split_part(email, '@', 2));
