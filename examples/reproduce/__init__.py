"""Published settings of the reference networks, run again; see README.md."""
