"""Batches of tasks, and the datasets and loaders that give them."""
