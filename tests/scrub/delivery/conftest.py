"""Makes the small hospital of the audit's tests importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "audit"))
