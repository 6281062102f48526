-- alone
CREATE EXTENSION pg_buffercache;
