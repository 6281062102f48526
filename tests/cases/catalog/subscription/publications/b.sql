CREATE SUBSCRIPTION subscription_publications CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
ALTER SUBSCRIPTION subscription_publications SET PUBLICATION q, r WITH (refresh = false);
