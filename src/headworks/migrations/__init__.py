"""Alembic, and nothing else of headworks imports it: the project, its history, and what runs its revisions."""
