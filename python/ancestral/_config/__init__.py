"""Configurations of families and of mixtures, and the forms that they are read from."""
