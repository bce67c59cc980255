"""Whether this machine and this profile are fit to work, and what to ask of whom."""
