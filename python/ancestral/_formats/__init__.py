"""Formats of other trainers and tools: one file a format, each with its source."""
