CREATE SUBSCRIPTION subscription_connection CONNECTION 'host=h port=5433 dbname=d user=me password=''s3cr3t host=x'' application_name=a' PUBLICATION p, q WITH (connect = false);
