CREATE TABLE users (
    id bigint CONSTRAINT pk_users PRIMARY KEY,
    email text NOT NULL CONSTRAINT uq_users_email UNIQUE,
    CONSTRAINT ck_users_email_not_empty CHECK (email <> '')
);
CREATE INDEX ix_users_domain ON users (split_part(email, '@', 2));
