"""The page of a report: its template, and what stands in it as tables and as JSON."""

import json
from typing import Any, cast

from .._config.any_config import AnyConfig
from .._config.design import Design
from .._config.family import FamilyConfig
from .._config.mixture import MixtureConfig
from .._config.network import NetworkConfig

_ALWAYS = ("n_nodes", "graph", "sparsity_param", "mechanism_proportions", "noise_type", "standardization")


def rendered(**values: Any) -> str:
    """The template with `values` in it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ancestral._analysis", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(**values)


def settings_of(config: AnyConfig | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Titles and settings: those that say most, and those that aren't at their defaults."""
    if isinstance(config, MixtureConfig):
        shares = zip(config.families, config.shares, strict=True)
        return [(f"Family {index}, {share:.1%} of tasks", _fields(part)) for index, (part, share) in enumerate(shares)]
    return [("", _fields(config))] if config is not None else []


def _fields(config: FamilyConfig | NetworkConfig) -> list[tuple[str, str]]:
    if isinstance(config, NetworkConfig):
        told = ("n_nodes", "sparsity_param", "mechanism_proportions")
        return [("network", ", ".join(config.names)), *((name, _word(getattr(config, name))) for name in told)]
    plain = FamilyConfig().to_dict()
    return [
        (name, _word(value))
        for name, value in config.to_dict().items()
        if name in _ALWAYS or name not in plain or value != plain[name]  # What isn't there are strategies written in Python.
    ]


def _word(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).strip('"')


def design_settings(design: Design) -> list[tuple[str, str]]:
    """The options of the parts that a design has, and of those that stand alone where they aren't at their defaults."""
    plain, shown = Design().to_dict(), list[tuple[str, str]]()
    for name, value in design.to_dict().items():
        if isinstance(value, dict):
            part = cast("dict[str, Any]", value)
            shown += [(f"{name}.{option}", _word(own)) for option, own in part.items()] or [(name, "as it is")]
        elif name == "n_samples" or value != plain[name]:
            shown.append((name, _word(value)))
    return shown


def embedded(numbers: Any) -> Any:
    """JSON that can't end the element that it stands in."""
    from markupsafe import Markup

    text = json.dumps(numbers, allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
