CREATE TABLE parents (tenant integer NOT NULL, id integer NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE kids (
    id integer PRIMARY KEY, tenant integer NOT NULL, parent_id integer, aunt_id integer, uncle_id integer, other integer,
    FOREIGN KEY (tenant, parent_id) REFERENCES parents ON DELETE RESTRICT ON UPDATE CASCADE,
    FOREIGN KEY (tenant, aunt_id) REFERENCES parents ON DELETE SET NULL ON UPDATE CASCADE,
    FOREIGN KEY (tenant, uncle_id) REFERENCES parents ON DELETE RESTRICT ON UPDATE CASCADE,
    FOREIGN KEY (other, parent_id) REFERENCES parents ON DELETE SET NULL ON UPDATE CASCADE
);
