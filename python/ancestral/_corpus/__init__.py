"""Corpora: training tasks on disk, in shards that many machines write."""
