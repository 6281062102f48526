CREATE TABLE invoices (id bigint PRIMARY KEY, net_amount numeric(12, 2) NOT NULL, fee numeric(12, 2) NOT NULL);
