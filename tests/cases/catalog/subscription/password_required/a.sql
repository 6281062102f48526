-- PostgreSQL 16
CREATE SUBSCRIPTION subscription_password_required CONNECTION 'host=h dbname=d' PUBLICATION p, q WITH (connect = false);
