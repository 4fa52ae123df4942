"""Last word of each person on each frame set and label field, from the history. Pure.

A person's word on a field of a frame set is the value that they gave it last, by an edit, by a latch, or by giving the
value that it had already. What they took back by undo does not count; an empty value says that the set has no label.
Others' later edits change the label and not this person's word.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from daemon.labels.history import Entry
from protocol.session.annotations import TEXT_FIELDS

__all__ = ["Words", "words_of_people"]

Words = Mapping[str, Mapping[int, str]]
"""By field: the value given to each frame set, by its id. A set that is missing there was never spoken of."""


def words_of_people(entries: Iterable[Entry], numbers: Sequence[int]) -> dict[str, Words]:
    """Find what each person said last.

    Args:
        entries: of the history, in order.
        numbers: the frame sets that there are, ascending.

    Returns:
        By name of the person, in the order in which they first labelled.
    """
    history = list(entries)
    there = frozenset(numbers)
    undone = _undone(history)
    until = _ends_of_latches(history)
    words: dict[str, dict[str, dict[int, str]]] = {}
    for entry in history:
        if entry.kind not in {"edit", "latch"} or entry.n in undone:
            continue
        said = words.setdefault(entry.who, {field: {} for field in TEXT_FIELDS})
        given = _latched(entry, until, numbers) if entry.kind == "latch" else _given(entry)
        for field, value, some in given:
            said[field].update((number, value) for number in some if number in there)
    return {who: said for who, said in words.items() if any(said.values())}


def _undone(history: Sequence[Entry]) -> set[int]:
    """Return the numbers of the entries that are taken back, and not done again since."""
    undone: set[int] = set()
    for entry in history:
        if entry.of is not None:
            (undone.add if entry.kind == "undo" else undone.discard)(entry.of)
    return undone


def _given(entry: Entry) -> Iterator[tuple[str, str, Iterable[int]]]:
    for number, edit in entry.after():
        for field, value in edit.items():
            if field in TEXT_FIELDS and isinstance(value, str):
                yield field, value, (number,)
    for confirmed in entry.confirmed:
        if confirmed.field in TEXT_FIELDS:
            for first, last in confirmed.ranges:
                yield confirmed.field, confirmed.value, range(first, last + 1)


def _ends_of_latches(history: Sequence[Entry]) -> dict[tuple[int, str], int]:
    """Return the set at which a field is latched again, by the first latch's entry and field."""
    ends: dict[tuple[int, str], int] = {}
    latest: dict[str, int] = {}
    for entry in history:
        for number, edit in entry.after() if entry.kind == "latch" else ():
            for field in edit:
                if field in latest:
                    ends[latest[field], field] = number
                latest[field] = entry.n
    return ends


def _latched(
    entry: Entry, until: Mapping[tuple[int, str], int], numbers: Sequence[int]
) -> Iterator[tuple[str, str, Iterable[int]]]:
    """Yield what a latch gave to the sets recorded under it; a cleared one gives nothing."""
    for first, edit in entry.after():
        for field, value in edit.items():
            if field in TEXT_FIELDS and isinstance(value, str) and value:
                end = until.get((entry.n, field))
                stop = len(numbers) if end is None else bisect_left(numbers, end)
                yield field, value, numbers[bisect_left(numbers, first) : stop]
