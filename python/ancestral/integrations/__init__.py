"""Ancestral under other libraries, each of which is imported only with the module of its name."""
