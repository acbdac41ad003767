"""The line to the engine: its library, calls and errors, the checks before a call and the memory it writes to."""
