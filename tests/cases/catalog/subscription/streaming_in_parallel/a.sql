-- PostgreSQL 16
CREATE SUBSCRIPTION subscription_streaming_in_parallel CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false, streaming = on);
