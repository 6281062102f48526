CREATE SUBSCRIPTION subscription_unexpected CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
