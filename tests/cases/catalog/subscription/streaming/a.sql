CREATE SUBSCRIPTION subscription_streaming CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false, streaming = off);
