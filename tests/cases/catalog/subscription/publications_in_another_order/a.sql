-- pg_dump may tell
CREATE SUBSCRIPTION subscription_publications_in_another_order CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
