"""The engine's mechanisms as modules of torch."""
