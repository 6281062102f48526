CREATE TABLE invoices (id bigint PRIMARY KEY, net_amount double precision NOT NULL, fee money NOT NULL);
