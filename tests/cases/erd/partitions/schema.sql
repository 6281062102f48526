-- Partitions are part of their table: what only one of them has holds for some rows.
CREATE TABLE devices (id integer PRIMARY KEY);
CREATE TABLE sites (id integer PRIMARY KEY);
CREATE TABLE readings (
    device_id integer NOT NULL REFERENCES devices, site_id integer NOT NULL, day date NOT NULL, PRIMARY KEY (device_id, day)
) PARTITION BY RANGE (day);
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (device_id);
CREATE TABLE readings_2025_a PARTITION OF readings_2025 FOR VALUES IN (1);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE readings_2025 ADD CONSTRAINT of_site FOREIGN KEY (site_id) REFERENCES sites;
ALTER TABLE readings_2026 ADD CONSTRAINT of_site FOREIGN KEY (site_id) REFERENCES sites;
CREATE TABLE alarms (device_id integer NOT NULL, day date NOT NULL, FOREIGN KEY (device_id, day) REFERENCES readings);
CREATE TABLE alarms_of_2026 (device_id integer NOT NULL, day date NOT NULL, FOREIGN KEY (device_id, day) REFERENCES readings_2026);
CREATE VIEW recent AS SELECT * FROM readings;
