"""Unreadable: why a value has no form that is the same in every process."""


class Unreadable(Exception):  # noqa: N818 - told as a ConfigError
    """Says which part of a value can't be read (`path`, such as ".weights[2]"), and why."""

    def __init__(self, path: str, value: object, why: str) -> None:
        super().__init__(why)
        self.path, self.value, self.why = path, value, why
