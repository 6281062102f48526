"""Entity-relationship diagrams: one graph made from a picture (`graph`), one small file for each format."""
