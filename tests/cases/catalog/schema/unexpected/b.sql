CREATE SCHEMA "Sales & co";
