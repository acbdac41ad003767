"""Pictures of one task, and the style of all pictures."""
