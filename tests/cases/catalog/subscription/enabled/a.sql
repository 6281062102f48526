-- pg_dump cannot tell
CREATE SUBSCRIPTION subscription_enabled CONNECTION 'host=127.0.0.1 port=1 connect_timeout=1' PUBLICATION p, q WITH (connect = false);
