"""JSON and YAML from files that anyone may have written: data and nothing else, of a size and depth that can be handled."""

import json
import re
from typing import Any, cast

MOST_DEPTH = 64
MOST_VALUES = 10_000_000


def parse_json(text: str) -> Any:
    """The value of a JSON text. ValueError with a reason for anything else.

    So are a member that comes twice, of which readers would take one or the other, and lists within lists past `MOST_DEPTH`.
    """
    try:
        value = json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError(f"its lists and objects must not be nested more than {MOST_DEPTH} deep") from None
    _measure(value)
    return value


def parse_object(text: str, what: str = "it") -> dict[str, Any]:
    """The object that a JSON text is. ValueError for anything else, as of `parse_json`; `what` is what must be one."""
    found = parse_json(text)
    if not isinstance(found, dict):
        raise ValueError(f"{what} must be a JSON object")
    return cast("dict[str, Any]", found)


def parse_yaml(text: str) -> Any:
    """The value of a YAML text of plain data. ValueError with a reason for anything else.

    1e-3 is a number, as in YAML 1.2 and OmegaConf but not in PyYAML. Aliases are allowed as long as the whole, with each of
    them written out, has at most `MOST_VALUES` values and is not part of itself.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads numbers in scientific notation without a point, and refuses a key that comes twice, as YAML 1.2 does."""

        def compose_mapping_node(self, anchor: Any) -> Any:
            node: Any = super().compose_mapping_node(anchor)
            names: set[str] = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in names:
                        raise yaml.MarkedYAMLError(problem=f"the key {key.value} comes twice", problem_mark=key.start_mark)
                    names.add(key.value)
            return node

    number = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$")
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", number, list("-+.0123456789"))
    try:
        value = yaml.load(text, Loader)  # A SafeLoader makes no objects.
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    except RecursionError:
        raise ValueError(f"its lists and mappings must not be nested more than {MOST_DEPTH} deep") from None
    _measure(value)
    return value


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise ValueError(f"an object names {name} twice")
        found[name] = value
    return found


def _measure(value: Any) -> None:
    """ValueError where a value is nested too deep, contains itself, or has too many values once its aliases are written out."""
    sizes: dict[int, int] = {}

    def size(part: Any, depth: int) -> int:
        if not isinstance(part, (dict, list)):
            return 1
        if depth > MOST_DEPTH:  # What contains itself gets here too.
            raise ValueError(f"its lists and mappings must not be nested more than {MOST_DEPTH} deep")
        known = sizes.get(id(cast(object, part)))
        if known is None:
            members = cast("dict[Any, Any]", part).values() if isinstance(part, dict) else cast("list[Any]", part)
            known = 1 + sum(size(member, depth + 1) for member in members)
            if known > MOST_VALUES:
                raise ValueError(f"it must not have more than {MOST_VALUES} values with its aliases written out")
            sizes[id(cast(object, part))] = known
        return known

    size(value, 0)
