"""Summaries, distances and reports of families and of data sets."""
