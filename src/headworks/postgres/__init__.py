"""Servers, databases and connections: everything between headworks and PostgreSQL that is not its catalog."""
