"""Makes the coefficients of the elementary functions anew: python scripts/elementary_coefficients.py [--check]

Prints each coefficient and each number of seven digits or more in Sources/SCMElementary beside the one made here, with the
largest error of each polynomial on its interval. With `--check` the exit status is 1 where the source has another number, or
one that is not made here, or where an error is above the bound of its comment, or above 2⁻⁵⁶ for Float64.

- Float32: minimax fits, by Remez exchange over 3001 evenly spaced points in 40 digits, rounded to 12 digits. The weight is x
  for the sine, so that the absolute error of x·P(x²) is least, and x² for log and exp, so that the error of x³P(x) over x is;
  1e-9 more keeps a weight off 0. The interval of exp is a little wider than ½ ln 2, for x − k ln 2 is rounded. (With all
  points of an interval instead of 3001, and without the 1e-9, a coefficient is the same to some 1e-6 of itself.)
- Float64: Taylor series, written as fractions or in 25 digits.
- Constants: rounded to the digits that they have.

Needs mpmath, which comes with torch.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np
from mpmath import mp, mpf

mp.dps = 40
SOURCE = Path(__file__).parents[1] / "Sources/SCMElementary"
FLOAT, DOUBLE, QUICK = "Elementary+Float.swift", "Elementary+Double.swift", "QuickGumbel.swift"
STEPS, DIGITS, LITTLE = 3000, 12, mpf("1e-9")
NUMBER = r"-?(?:0x1\.[\da-f]+p-?\d+|\d[\d_]*\.\d+(?:e-\d+)?(?: / [\d_]+)?)"
# A coefficient in Horner's rule: `var p: Float = c`, `p = Float(c).addingProduct(p, x)`, and the same in lanes and Float64.
COEFFICIENT = rf"^ *(?:var )?(?:p|q|sum)\b[^=]* = (?:[A-Z][\w<>]*)?\(?(?:repeating: )?({NUMBER})"


@dataclass(frozen=True)
class Fit:
    """The polynomial P with the least of the largest |weight(x)·(target(x) − P(u(x)))| on an interval, highest power first."""

    formula: str
    functions: tuple[str, ...]
    degree: int
    ends: tuple[mpf, mpf]
    target: Callable[[mpf], mpf]
    weight: Callable[[mpf], mpf]
    u: Callable[[mpf], mpf] = lambda x: x
    file: str = FLOAT

    @cached_property
    def points(self) -> list[tuple[mpf, mpf, mpf]]:
        """u(x), the target and the weight, evenly spaced in x."""
        low, high = self.ends
        x = [low + (high - low) * i / STEPS for i in range(STEPS + 1)]
        return [(self.u(t), self.target(t), self.weight(t)) for t in x]

    @cached_property
    def numbers(self) -> list[str]:
        """The coefficients by Remez exchange: errors of equal size at some points, then their largest are the next points."""
        points = self.points
        n = self.degree + 2
        at = [int(mp.nint(STEPS * (1 - mp.cos(mp.pi * (k + mpf(0.5)) / n)) / 2)) for k in range(n)]
        while True:
            chosen = [points[i] for i in at]
            rows = [[*(u**p for p in range(self.degree, -1, -1)), (-1) ** k / w] for k, (u, _, w) in enumerate(chosen)]
            *coefficients, _ = mp.lu_solve(mp.matrix(rows), mp.matrix([f for _, f, _ in chosen]))
            errors = [w * (f - mp.polyval(coefficients, u)) for u, f, w in points]
            largest = [max(run, key=lambda i: abs(errors[i])) for run in runs(errors)]
            if largest == at:
                return [mp.nstr(c, DIGITS) for c in coefficients]
            at = largest

    def error(self, coefficients: list[mpf]) -> mpf:
        """The largest weighted error."""
        return max(abs(w * (f - mp.polyval(coefficients, u))) for u, f, w in self.points)


def runs(errors: list[mpf]) -> Iterator[range]:
    """The stretches of one sign."""
    start = 0
    for i in range(1, len(errors) + 1):
        if i == len(errors) or errors[i] * errors[start] < 0:
            yield range(start, i)
            start = i


@dataclass(frozen=True)
class Series:
    """The first terms of a Taylor series, highest power first, as the source writes them."""

    formula: str
    functions: tuple[str, ...]
    numbers: list[str]
    ends: tuple[mpf, mpf]
    target: Callable[[mpf], mpf]
    value: Callable[[mpf, list[mpf]], mpf]
    file: str = DOUBLE

    def error(self, coefficients: list[mpf]) -> mpf:
        """The largest relative error, which is at an end, for the terms left out grow with |x|."""
        return max(abs(self.value(x, coefficients) / self.target(x) - 1) for x in self.ends if x)


HALF = mp.log(2) / 2
ROOT = mp.sqrt(mpf(2))
WIDER = HALF * mpf("1.0001")
POLYNOMIALS: list[Fit | Series] = [
    Fit(
        formula="log(1 + f) = f − f²/2 + f³P(f), error over f",
        functions=("func logNearOne(_ f: Float",),
        degree=7,
        ends=(1 / ROOT - 1, ROOT - 1),
        target=lambda f: mp.hyp2f1(1, 3, 4, -f) / 3,
        weight=lambda f: f**2 + LITTLE,
    ),
    Fit(
        formula="e^r − 1 = r + r²/2 + r³P(r), error over r",
        functions=("func expMinusOne(_ x: Float",),
        degree=3,
        ends=(-WIDER, WIDER),
        target=lambda r: mp.hyp1f1(1, 4, r) / 6,
        weight=lambda r: r**2 + LITTLE,
    ),
    Fit(
        formula="sin 2πx = x·P(x²), absolute error",
        functions=("func sinQuarter(_ x: Float", "func sinQuarter(_ x: SIMD16<Float>"),
        degree=4,
        ends=(mpf(0), mpf(1) / 4),
        target=lambda x: 2 * mp.pi * mp.sinc(2 * mp.pi * x),
        weight=lambda x: x + LITTLE,
        u=lambda x: x**2,
    ),
    Fit(
        formula="log₂(m) = P(m), absolute error",
        functions=("func quickLog2(_ x: Float",),
        degree=3,
        ends=(mpf(1), mpf(2)),
        target=lambda m: mp.log(m, 2),
        weight=lambda m: mpf(1),
        file=QUICK,
    ),
    Fit(
        formula="−log₂(1 − v) = v·P(v), relative error",
        functions=("func quickGumbel(_ word: UInt32",),
        degree=2,
        ends=(LITTLE, mpf("0.4")),
        target=lambda v: -mp.log(1 - v, 2) / v,
        weight=lambda v: -v / mp.log(1 - v, 2),
        file=QUICK,
    ),
    Series(
        formula="log((1 + s)/(1 − s)) = s·(2 + s²P(s²)), error over the logarithm",
        functions=("func log(_ x: Double",),
        numbers=[f"2.0 / {k}" for k in range(23, 1, -2)],
        ends=(mpf(0), 3 - 2 * ROOT),
        target=lambda s: mp.log((1 + s) / (1 - s)),
        value=lambda s, c: s * (2 + s**2 * mp.polyval(c, s**2)),
    ),
    Series(
        formula="e^r = P(r), relative error",
        functions=("func expClamped(_ x: Double",),
        numbers=[f"1.0 / {int(mp.factorial(k))}" for k in range(13, -1, -1)],
        ends=(-HALF, HALF),
        target=mp.exp,
        value=lambda r, c: mp.polyval(c, r),
    ),
    Series(
        formula="sin 2πx = x·P(x²), relative error",
        functions=("func sinQuarter(_ x: Double",),
        numbers=[mp.nstr((-1) ** k * (2 * mp.pi) ** (2 * k + 1) / mp.factorial(2 * k + 1), 25) for k in range(12, -1, -1)],
        ends=(mpf(0), mpf(1) / 4),
        target=lambda x: mp.sin(2 * mp.pi * x),
        value=lambda x, c: x * mp.polyval(c, x**2),
    ),
]

# ln 2 in two parts, the first with so few bits that its product with an exponent is exact.
FLOAT_HIGH = mp.nint(mp.log(2) * 2**9) / 2**9
DOUBLE_HIGH = mp.floor(mp.log(2) * 2**32) / 2**32
FLOAT_LOG2 = [("ln 2 − its high part", mp.nstr(mp.log(2) - FLOAT_HIGH, 9)), ("ln 2, 9 bits", mp.nstr(FLOAT_HIGH, 9))]
# The other long numbers of each file, in its order.
CONSTANTS = {
    FLOAT: [*FLOAT_LOG2, ("1/ln 2", mp.nstr(1 / mp.log(2), 9)), *reversed(FLOAT_LOG2)],
    "Elementary+Exponential.swift": [("1/ln 2", mp.nstr(1 / mp.log(2), 9)), *reversed(FLOAT_LOG2)],
    DOUBLE: [
        ("ln 2, 32 bits", float(DOUBLE_HIGH).hex()),
        ("ln 2 − its high part", float(mp.log(2) - DOUBLE_HIGH).hex()),
        ("1/ln 2", mp.nstr(1 / mp.log(2), 17)),
    ],
    QUICK: [("ln 2", mp.nstr(mp.log(2), 8)), ("√6/π", mp.nstr(mp.sqrt(6) / mp.pi, 8))],
    "NormalProbability.swift": [("1/√(2π)", mp.nstr(1 / mp.sqrt(2 * mp.pi), 16))],
    "NoiseFormulas.swift": [
        ("√½", mp.nstr(1 / ROOT, 8)),
        ("√3", mp.nstr(mp.sqrt(3), 8)),
        *[("1 − 2⁻²⁴", (1 - 2.0**-24).hex())] * 2,
        ("Euler's constant", mp.nstr(mp.euler, 8)),
        ("√6/π", mp.nstr(mp.sqrt(6) / mp.pi, 8)),
        ("√3/π", mp.nstr(mp.sqrt(3) / mp.pi, 8)),
    ],
}


def value(number: str) -> Fraction:
    """A number as it is written, unrounded."""
    if "0x" in number:
        return Fraction(float.fromhex(number))
    above, _, below = number.replace("_", "").partition(" / ")
    return Fraction(Decimal(above)) / Fraction(below or 1)


def real(number: str) -> mpf:
    """The same in 40 digits."""
    return mpf(value(number).numerator) / value(number).denominator


def is_long(number: str) -> bool:
    """Whether a number has seven digits or more, or is hexadecimal."""
    return "0x" in number or len(number.split("e")[0].strip("-").replace(".", "").lstrip("0")) > 6


def compared(made: list[str], found: list[str], where: str) -> list[str]:
    """A sentence for each number that differs."""
    if len(made) != len(found):
        return [f"{where}: has {len(found)} numbers where {len(made)} are made: {', '.join(found) or 'none'}."]
    return [f"{where}: has {b} where {a} is made." for a, b in zip(made, found, strict=True) if value(a) != value(b)]


def polynomial_faults(polynomial: Fit | Series) -> Iterator[str]:
    """Prints a polynomial beside its places in the source."""
    made = polynomial.numbers
    error = polynomial.error([real(c) for c in made])
    low, high = (mp.nstr(x, 5) for x in polynomial.ends)
    print(f"\n{polynomial.formula}, degree {len(made) - 1} on [{low}, {high}]: {mp.nstr(error, 3)}")
    text = (SOURCE / polynomial.file).read_text(encoding="utf-8")
    comments = ""
    for function in polynomial.functions:
        where = f"{polynomial.file}: {function}"
        before, _, after = text.partition(function)
        body = after.partition("\n  }\n")[0]
        found = re.findall(COEFFICIENT, body, re.MULTILINE)
        print(f"  {where}")
        for a, b in zip(made, found, strict=False):
            print(f"    made {a:34} source {b}")
        yield from compared(made, found, where)
        comments += before.rpartition("\n\n")[2] + body
    if isinstance(polynomial, Fit):
        rounded = polynomial.error([mpf(float(np.float32(float(c)))) for c in made])
        print(f"  with coefficients in Float32: {mp.nstr(rounded, 3)}")
        bound = re.search(r"error of the fit ([\d.]+e-\d+)", comments)
        most = mpf(bound[1]) if bound else mpf(0)
    else:
        most = mpf(2) ** -56
    if error > most:
        yield f"{polynomial.formula}: {mp.nstr(error, 3)} is above {mp.nstr(most, 3)}, the bound of the comment or of Float64."


def constant_faults() -> Iterator[str]:
    """Prints the other long numbers of every file."""
    print("\nConstants")
    for path in sorted(SOURCE.rglob("*.swift")):
        file = path.relative_to(SOURCE).as_posix()
        text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        rest = re.sub(COEFFICIENT, "", text, flags=re.MULTILINE)
        found = [number for number in re.findall(NUMBER, rest) if is_long(number)]
        made = CONSTANTS.get(file, [])
        for (name, a), b in zip(made, found, strict=False):
            print(f"  {file:24} {name:26} made {a:22} source {b}")
        yield from compared([number for _, number in made], found, file)


def faults() -> list[str]:
    """A sentence for each fault, after printing every number."""
    return [*(fault for polynomial in POLYNOMIALS for fault in polynomial_faults(polynomial)), *constant_faults()]


def main() -> int:
    """Prints the numbers, then what is wrong with them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit with 1 where something is wrong")
    arguments = parser.parse_args()
    found = faults()
    print("", *found or ["Each number of the source is the one made here, to its last digit."], sep="\n")
    return int(arguments.check and bool(found))


if __name__ == "__main__":
    sys.exit(main())
