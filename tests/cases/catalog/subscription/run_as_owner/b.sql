CREATE SUBSCRIPTION subscription_run_as_owner CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false, run_as_owner = true);
