"""A project that is there already: its history run once and watched, what is odd in it, domains by its tables."""
