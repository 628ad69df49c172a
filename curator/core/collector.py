"""The collector of cycles, out of the way of tables that stay and of work that makes none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects made before the collector looks for cycles: trees of a file and findings of a text hold none.
YOUNG = 50_000


@contextmanager
def settled() -> Iterator[None]:
    """Do not look for cycles while tables are read, and never again among what is there afterwards.

    The garbage that was made meanwhile is collected first. On an error the collector goes on as before.
    """
    gc.disable()  # tables hold no cycles, and looking for some while they are read is a tenth of the start
    try:
        yield
        gc.collect()
        gc.freeze()  # what is there now stays; in processes forked from here its pages stay shared
        gc.set_threshold(YOUNG, 20, 100)
    finally:
        gc.enable()
