"""The reference project of headworks: a shop for social-media services, its models and their migrations.

`commerce.metadata` holds the two `MetaData` targets, `commerce.models` the tables by domain. Which tables of the shared
database are another program's, `[tool.headworks.owners]` in pyproject.toml says.
"""
