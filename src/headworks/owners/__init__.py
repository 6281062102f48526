"""Who owns each table: the manifest of the config, what is made of it, and what disagrees with it."""
