CREATE SUBSCRIPTION subscription_comment CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
COMMENT ON SUBSCRIPTION subscription_comment IS 'two';
