CREATE SUBSCRIPTION subscription_disable_on_error CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false, disable_on_error = true);
