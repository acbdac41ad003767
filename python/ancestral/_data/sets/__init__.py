"""Fixed sets of tasks, in memory or in files."""
