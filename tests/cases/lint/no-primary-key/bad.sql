CREATE TABLE readings (sensor_id bigint NOT NULL, taken_at timestamptz NOT NULL, value numeric);
