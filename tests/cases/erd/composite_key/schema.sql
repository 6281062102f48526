-- Members of a composite key are not unique by themselves; a foreign key of two columns is one line; one in the primary
-- key is solid.
CREATE TABLE tenants (id integer PRIMARY KEY);
CREATE TABLE users (tenant_id integer NOT NULL REFERENCES tenants, id integer NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE TABLE groups (tenant_id integer NOT NULL REFERENCES tenants, id integer NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE TABLE members (
    tenant_id integer NOT NULL,
    user_id integer NOT NULL,
    group_id integer NOT NULL,
    invited_by integer,
    PRIMARY KEY (tenant_id, user_id, group_id),
    CONSTRAINT of_user FOREIGN KEY (tenant_id, user_id) REFERENCES users,
    CONSTRAINT of_group FOREIGN KEY (tenant_id, group_id) REFERENCES groups,
    CONSTRAINT by_user FOREIGN KEY (tenant_id, invited_by) REFERENCES users
);
