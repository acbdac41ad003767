"""Batches: drawn, collated, normalised, and handed from process to process."""
