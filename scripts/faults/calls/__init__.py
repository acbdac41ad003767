"""Calls of the functions of ancestral.h with random arguments, by what they are about."""
