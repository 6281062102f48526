CREATE SUBSCRIPTION subscription_binary CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
