CREATE TABLE üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüz (id serial PRIMARY KEY, a text);
