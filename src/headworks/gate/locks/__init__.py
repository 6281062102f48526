"""Locks, rewrites and scans of each statement of a revision, as the server says they were.

`watch` looks on while a step runs; `judge` makes findings of what it saw, and a list for reports.
"""
