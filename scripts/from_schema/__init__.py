"""What is written from the engine's schemas."""
