CREATE SUBSCRIPTION subscription_two_phase CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false, two_phase = true);
