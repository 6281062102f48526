CREATE SUBSCRIPTION subscription_connection CONNECTION 'postgresql://you:s3cr3t@i:5432/e?application_name=b' PUBLICATION p, q WITH (connect = false);
