CREATE TABLE teams (id bigint PRIMARY KEY, lead_id bigint);
CREATE TABLE members (id bigint PRIMARY KEY, team_id bigint NOT NULL REFERENCES teams ON DELETE CASCADE);
ALTER TABLE teams ADD CONSTRAINT teams_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES members ON DELETE SET NULL;
CREATE INDEX ON members (team_id);
CREATE INDEX ON teams (lead_id);
