"""Families and their tasks, with strategies of the engine's and of users'."""
