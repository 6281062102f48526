CREATE SUBSCRIPTION subscription_synchronous_commit CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
