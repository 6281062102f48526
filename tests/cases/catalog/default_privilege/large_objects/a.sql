-- alone, PostgreSQL 18

