"""Lint: standards that a schema is held to, one rule a file, over pictures and models; and squawk over revisions."""
