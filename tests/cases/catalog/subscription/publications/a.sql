CREATE SUBSCRIPTION subscription_publications CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
