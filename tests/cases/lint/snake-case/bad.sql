CREATE TYPE "OrderStatus" AS ENUM ('open', 'done');
CREATE TABLE "OrderItems" (id bigint PRIMARY KEY, "productId" bigint NOT NULL, status "OrderStatus");
