-- pg_dump may tell
CREATE SUBSCRIPTION subscription_secret CONNECTION 'host=h password=s3cr3t1' PUBLICATION p, q WITH (connect = false);
