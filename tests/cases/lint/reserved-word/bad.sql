CREATE TABLE "order" (id bigint PRIMARY KEY, "limit" integer);
