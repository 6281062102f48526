"""Who owns which table of a shared database."""
