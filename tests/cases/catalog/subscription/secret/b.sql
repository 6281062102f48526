CREATE SUBSCRIPTION subscription_secret CONNECTION 'postgresql://:s3cr3t2@h' PUBLICATION p, q WITH (connect = false);
