-- PostgreSQL 17
CREATE SUBSCRIPTION subscription_failover CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
