CREATE SUBSCRIPTION subscription_missing CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
