"""Cutting a list of items into shards, the same way each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from curator.core.types import Shard

MOST_ITEMS = 64
MOST_BYTES = 256 << 20


def cut(
    items: Iterable[Any], sizes: Iterable[int], *, most_items: int = MOST_ITEMS, most_bytes: int = MOST_BYTES
) -> Iterator[Shard]:
    """Yield numbered shards of consecutive items.

    Parameters
    ----------
    items
        The items, in a fixed order.
    sizes
        The size in bytes of each.
    most_items, most_bytes
        A shard is closed before it would exceed either; one item alone may be larger.
    """
    number = 0
    held: list[Any] = []
    weight = 0
    for item, size in zip(items, sizes, strict=True):
        if held and (len(held) >= most_items or weight + size > most_bytes):
            yield Shard(number, tuple(held))
            number, held, weight = number + 1, [], 0
        held.append(item)
        weight += size
    if held:
        yield Shard(number, tuple(held))
