"""Worker processes must be able to import the tasks of these tests, whatever way pytest was started."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
