"""Runs: the DataModule, its registry, and the verification of what a registry says."""
