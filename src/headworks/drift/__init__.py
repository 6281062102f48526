"""Drift: what tells a database from the models, the migrations, a file or another database."""
