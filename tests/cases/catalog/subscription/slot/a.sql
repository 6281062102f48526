CREATE SUBSCRIPTION subscription_slot CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false, slot_name = one);
