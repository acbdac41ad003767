"""Loaders: batches ahead of the training loop, by threads or by workers."""
