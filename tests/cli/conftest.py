"""Helpers that several tests of commands share."""

import sys
from pathlib import Path

from derived import remember

sys.path.insert(0, str(Path(__file__).parent))

remember()
