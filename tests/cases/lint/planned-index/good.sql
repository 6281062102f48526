CREATE TABLE snapshots (id bigint PRIMARY KEY, account_id bigint NOT NULL, recorded_at timestamptz NOT NULL);
CREATE INDEX ix_snapshots_account_id ON snapshots (account_id, recorded_at DESC);
