"""Rows for scratch databases: made so that the server takes them, read, and compared column by column."""
