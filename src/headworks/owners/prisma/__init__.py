"""A Prisma schema beside the database that it describes: read, compared, brought up to date."""
