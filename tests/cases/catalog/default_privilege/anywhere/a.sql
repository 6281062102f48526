-- alone, PostgreSQL 17

