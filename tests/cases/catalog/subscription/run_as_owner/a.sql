-- PostgreSQL 16
CREATE SUBSCRIPTION subscription_run_as_owner CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
