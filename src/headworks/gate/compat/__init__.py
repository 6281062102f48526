"""Whether the release before works at the new heads: its models, from git, select from and insert into their tables."""
