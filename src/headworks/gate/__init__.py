"""The gate: every revision proven by running it on a scratch database and looking."""
