CREATE TABLE webhook_events (id bigint PRIMARY KEY, provider text NOT NULL, external_id text NOT NULL UNIQUE);
