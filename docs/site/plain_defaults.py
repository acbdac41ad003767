"""Defaults in the reference as a user writes them, without the marks that tell them from what was given."""

from typing import Any

import griffe


class PlainDefaults(griffe.Extension):
    """Takes `2.0` for `DefaultFloat(2.0)` in the values of attributes."""

    def on_attribute_instance(self, *, attr: griffe.Attribute, **_: Any) -> None:
        value = attr.value
        if isinstance(value, griffe.ExprCall) and str(value.function).startswith("Default"):
            attr.value = value.arguments[0]
