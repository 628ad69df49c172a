"""Makes the support module, and that of the DICOM tests, importable without a package around the tests."""

import sys
from pathlib import Path

for folder in (Path(__file__).parent, Path(__file__).parent.parent / "dicom"):
    sys.path.insert(0, str(folder))
