"""Long tables, a row an answer: which columns name what is asked, which hold its answer, and what a row asks for.

REDCap's, i2b2's, OMOP's and SDTM's exports hold ``last_name`` in one cell and the name in the next. A column of
questions is read whatever becomes of it: one that nobody knows is dropped, and tells all the same. It must never hand
out a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from curator.scrub.policy.load import folded_column
from curator.scrub.questions import NOTHING, Asked, asks, best, is_answer, place_of_question

_MOST_REMEMBERED = 1 << 14
#: What REDCap writes beside the number of its records.
_REDCAP = frozenset(
    ["redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_data_access_group"]
)

Row = Sequence[str | None]


def asking(names: Sequence[str]) -> tuple[tuple[int, ...], frozenset[int]]:
    """Return the places of the columns that hold questions, the most telling first, and of those that hold answers.

    None of either where a table does not have both.
    """
    folded = [folded_column(name) for name in names]
    ranked = sorted((rank, at) for at, name in enumerate(folded) if (rank := place_of_question(name)) is not None)
    answers = frozenset(at for at, name in enumerate(folded) if is_answer(name))
    return (tuple(at for _, at in ranked), answers) if ranked and answers else ((), frozenset())


def is_redcap_record(name: str, names: Sequence[str]) -> bool:
    """Say whether a column ``record`` is REDCap's own, the number of somebody who takes part."""
    return folded_column(name) == "record" and not _REDCAP.isdisjoint(map(folded_column, names))


def reader(questions: Sequence[int]) -> Callable[[Row], tuple[str, Asked]]:
    """Return what says of a row which question it holds, and what that asks for; what was met is remembered."""
    known: dict[object, tuple[str, Asked]] = {}
    nothing, cells_of = ("", NOTHING), itemgetter(*questions)

    def read(row: Row) -> tuple[str, Asked]:
        key = cells_of(row)
        found = known.get(key)
        if found is None:
            words = best(cell for cell in (key if isinstance(key, tuple) else (key,)) if cell)
            asked = asks(words) if words else NOTHING
            found = (words, asked) if asked.tells else nothing
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            known[key] = found
        return found

    return read
