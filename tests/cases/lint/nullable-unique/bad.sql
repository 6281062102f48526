CREATE TABLE accounts (id bigint PRIMARY KEY, tenant_id bigint, email text NOT NULL, UNIQUE (tenant_id, email));
