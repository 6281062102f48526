CREATE SUBSCRIPTION subscription_origin CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false, origin = none);
