"""Makes the byte builder importable without a package around the tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
