"""For tests of the examples: their modules by name, such as `networks.avici`, as a script beside them has them."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "examples"))
