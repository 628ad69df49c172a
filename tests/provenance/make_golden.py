"""Make the frozen ledger of test_golden_ledger.py anew: only when its format gets a new number, never to pass a test.

Usage: python tests/provenance/make_golden.py FOLDER
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ledger_world import World

from curator.provenance.verify import verify_ledger

if __name__ == "__main__":
    world = World(Path(sys.argv[1])).filled()
    world.lives()
    world.sign(world.witnessed())
    world.other_operator()
    world.sign(world.label(40), operator=False)
    print(verify_ledger(world.folder).require().root.hex())
