"""Configurations as an enemy, or a tired user, writes them."""

import json
import random
from typing import Any

_NUMBERS = [
    *(
        "0",
        "-0",
        "-0.0",
        "1",
        "2",
        "3",
        "-1",
        "0.5",
        "1e-300",
        "5e-324",
        "1e300",
        "1e400",
        "-1e400",
        "1e999999999",
        "NaN",
        "Infinity",
    ),
    *("-Infinity", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616"),
    *("1" * 400, "0." + "3" * 400, "00", "1.", ".5", "+1", "0x10", "1e", "1_000", "1e-400"),
]
_OTHERS = [
    *("null", "true", "false", '""', "[]", "{}", "[null]", "[[]]", '{"": {}}', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"'),
    *('"é"', '"\U0001f600"', '"\\q"', '"\x01"', "[1, 2", '{"a": 1', '"open', "nul", "[1,]", '{"a" 1}', "'a'", "/* */ 1"),
]


class HostileJSON:
    """Draws texts, most of them near a configuration that is right."""

    def __init__(self, random: random.Random, schema: dict[str, Any], presets: list[dict[str, Any]]) -> None:
        self._random, self._properties = random, schema["properties"]
        self._bases = [{}, {"n_nodes": 4}, {"n_nodes": 3, "n_nodes_max": 6}, *(preset["config"] for preset in presets)]

    def text(self) -> bytes:
        """One text, without a NUL but where it was put on purpose."""
        pick = self._random.random()
        if pick < 0.35:
            return self._spelt(self._right()).encode()
        if pick < 0.75:
            return self._spelt(self._wrong(self._right())).encode()
        if pick < 0.85:
            return self._mixture().encode()
        if pick < 0.998:
            return self._torn(self._spelt(self._wrong(self._right())).encode())
        return self._monster().encode()

    def design(self, schema: dict[str, Any]) -> bytes:
        """A design, most of them small and right."""
        random = self._random
        members = self._part(schema["properties"], [name for name in schema["x-order"] if random.random() < 0.15])
        members |= {"n_samples": str(random.choice([1, 5, 12, 40]))} if random.random() < 0.9 else {}
        if "effects" in members and random.random() < 0.7:
            members = {name: text for name, text in members.items() if name not in ("interventions", "counterfactuals")}
        text = self._spelt(members).encode()
        return self._torn(text) if random.random() < 0.1 else text

    def _part(self, properties: dict[str, Any], names: list[str]) -> dict[str, str]:
        """Values of some options; of a group, of some of its own."""
        members: dict[str, str] = {}
        for name in names:
            entry = properties[name]
            inner = entry.get("properties")
            if inner is None:
                small = dict(entry) | ({"maximum": min(entry["maximum"], 40)} if "maximum" in entry else {})
                members[name] = self._value(name, small)
            else:
                chosen = [key for key in entry["x-order"] if self._random.random() < 0.3]
                part = {"n_samples": "7", "regimes": "3", "population_rows": "16", "mu_draws": "3"}
                given = {key: text for key, text in part.items() if key in inner} | self._part(inner, chosen)
                members[name] = self._spelt(given)
        return members

    def options(self) -> bytes:
        """Options of an analysis: small ones, or such as must be refused."""
        random = self._random
        members = {"tasks": str(random.choice([2, 3, 5])), "rows": str(random.choice([0, 8, 16])), "permutations": "3"}
        members |= {"detailed": str(random.randrange(2))}
        members |= {"bootstraps": "2", "seed": str(random.choice([0, 1, 2**63 - 1])), "threads": str(random.choice([1, 2]))}
        if random.random() < 0.5:
            members[random.choice([*members, "metrics", "task", ""])] = random.choice(
                ["0", "-1", "1e400", "9223372036854775808", "99999999999", "1.5", *_OTHERS, '["spectral_w1"]', '["none"]']
            )
        text = self._spelt(members).encode()
        return self._torn(text) if random.random() < 0.1 else text

    def _right(self) -> dict[str, str]:
        """Names and texts of values within their ranges; small, so that a task costs little."""
        random = self._random
        members = {name: json.dumps(value) for name, value in random.choice(self._bases).items()}
        for name in random.sample(sorted(self._properties), random.randrange(5)):
            members[name] = self._value(name, self._properties[name])
        members.setdefault("n_nodes", str(random.randint(1, 12)))
        return members

    def _value(self, name: str, schema: dict[str, Any]) -> str:
        random = self._random
        if "enum" in schema:
            return json.dumps(random.choice(schema["enum"]))
        if schema["type"] == "array":
            items = schema["items"]
            values = [self._value(name, items) for _ in range(random.randint(schema["minItems"], 3))]
            return f"[{', '.join(values)}]"
        if name == "mechanism_proportions":
            kinds = sorted(schema["properties"])
            return json.dumps(
                {kind: random.choice([0, 1, 0.5]) for kind in random.sample(kinds, random.randint(1, len(kinds)))}
            )
        if schema["type"] == "boolean":
            return random.choice(["true", "false"])
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        high = schema.get("maximum", 10)
        if "integer" in schema["type"]:
            return str(random.choice([low, low + 1, min(high, low + random.randrange(32))]))
        return repr(random.choice([low, high, random.uniform(low, min(high, low + 3)), random.uniform(low, high)]))

    def _wrong(self, members: dict[str, str]) -> dict[str, str]:
        random = self._random
        for _ in range(random.randint(1, 2)):
            name = (
                random.choice(sorted(self._properties))
                if random.random() < 0.9
                else random.choice(["", "n_node", "é" * 99, "\\u0000"])
            )
            members[name] = random.choice(_NUMBERS if random.random() < 0.6 else _OTHERS)
            if random.random() < 0.1:
                members[name] = f"[{', '.join([members[name]] * random.choice([1, 3, 9, 99]))}]"
        return members

    def _spelt(self, members: dict[str, str]) -> str:
        entries = [f'"{name}": {value}' for name, value in members.items()]
        if entries and self._random.random() < 0.05:
            entries.append(self._random.choice(entries))  # A key twice.
        return "{" + ", ".join(entries) + "}"

    def _mixture(self) -> str:
        random = self._random
        parts: list[str] = []
        for _ in range(random.randrange(4)):
            family = self._spelt(self._right() if random.random() < 0.8 else self._wrong(self._right()))
            weight = random.choice(["1", "0.5", "0", *_NUMBERS]) if random.random() < 0.4 else "1"
            parts.append(f'{{"weight": {weight}, "family": {family}}}')
        return f'{{"mixture": [{", ".join(parts)}]}}'

    def _torn(self, text: bytes) -> bytes:
        """With bytes lost, doubled, changed or cut off, in the middle of a character too."""
        random = self._random
        for _ in range(random.randint(1, 3)):
            place = random.randrange(len(text) + 1)
            pick = random.randrange(4)
            if pick == 0:
                text = text[:place]
            elif pick == 1:
                text = text[:place] + text[place + random.randrange(4) :]
            elif pick == 2:
                text = text[:place] + bytes([random.randrange(256)]) + text[place:]
            else:
                text = (
                    text[:place]
                    + random.choice([b"\xff\xfe", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00"])
                    + text[place:]
                )
        return text

    def _monster(self) -> str:
        random = self._random
        depth = random.choice([10, 63, 64, 65, *range(508, 518), 100_000])  # Foundation's own limit is 512.
        opening, closing = random.choice([("[", "]"), ('{"a":', "}")])
        return random.choice(
            [
                '{"n_nodes": ' + opening * depth + "1" + closing * depth + "}",
                '{"n_nodes": ' + opening * depth,
                opening * depth,
                '{"n_nodes": "' + "x" * 1_000_000 + '"}',
                '{"' + "n" * 1_000_000 + '": 1}',
                '{"mlp_hidden": [' + "1, " * 100_000 + "1]}",
                "{" + ", ".join(f'"k{number}": {number}' for number in range(20_000)) + "}",
                '{"mixture": [' + ", ".join(['{"family": {"n_nodes": 2}}'] * 5000) + "]}",
                '{"n_nodes": ' + "9" * 100_000 + "}",
                " " * 1_000_000,
            ]
        )
