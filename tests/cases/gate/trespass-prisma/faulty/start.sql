CREATE TABLE accounts (id text PRIMARY KEY, provider text NOT NULL);
