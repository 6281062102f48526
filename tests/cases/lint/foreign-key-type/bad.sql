CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE sessions (id bigint PRIMARY KEY, user_id integer NOT NULL REFERENCES users);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
