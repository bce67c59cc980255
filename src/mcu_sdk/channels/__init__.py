"""The far systems, one folder each. They do not know one another."""
