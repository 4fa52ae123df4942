"""Labels of a recording by frame set, as far as a question about memory needs them. Pure."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from protocol.changes import I64, U32, Bools
from protocol.session.annotations import Annotations, Edit

__all__ = ["SetLabels"]


class SetLabels:
    """Labels of frame sets, a snapshot that does not change.

    Args:
        labels: by frame set id; sets that are not there have none.
    """

    def __init__(self, labels: Mapping[int, Annotations]) -> None:
        self._labels = labels

    def of(self, number: int) -> Annotations | None:
        """Return the labels of a frame set; None where it has none."""
        return self._labels.get(number)

    def values(self, numbers: U32, field: str) -> list[str]:
        """Return a field's value in each frame set, empty where there is none: shape (n,).

        Args:
            numbers: frame set ids, shape (n,).
            field: one that holds a single text.
        """
        found = map(self._labels.get, numbers.tolist())
        return ["" if labels is None else getattr(labels, field) for labels in found]

    def edited(self, found: Mapping[int, Annotations], edits: Iterable[tuple[int, Edit]]) -> "SetLabels":
        """Return the labels with those of more frame sets, and then with edits of the history."""
        labels = {**self._labels, **found}
        for number, edit in edits:
            labels[number] = labels.get(number, Annotations()).edited(edit)
        return SetLabels(labels)

    def labelled(self, numbers: U32, field: str, value: str) -> Bools:
        """Return which frame sets have a label.

        Args:
            numbers: frame set ids, ascending, shape (n,).
            field: of the labels; `tags` and `complete` too.
            value: of the field; of tags one of them, of `complete` `true` or `false`.
        """
        labelled = np.zeros(len(numbers), np.bool_)
        kinds, sets, kind_of_set = self._columns
        has_label = np.array([_has(labels, field, value) for labels in kinds], np.bool_)
        if len(sets):
            found = sets[has_label[kind_of_set]]
            places = np.searchsorted(numbers, found)
            is_there = places < len(numbers)
            is_there[is_there] = numbers[places[is_there]] == found[is_there]
            labelled[places[is_there]] = True
        return labelled

    @cached_property
    def _columns(self) -> tuple[list[Annotations], I64, I64]:
        """Labels that differ, the sets that have any, and which of the labels each has."""
        kinds: dict[Annotations, int] = {}
        of_set = [kinds.setdefault(labels, len(kinds)) for labels in self._labels.values()]
        return list(kinds), np.fromiter(self._labels, np.int64, len(self._labels)), np.array(of_set, np.int64)


def _has(labels: Annotations, field: str, value: str) -> bool:
    match getattr(labels, field):
        case bool(given):
            return str(given).lower() == value.lower()
        case tuple(given):
            return value in given
        case given:
            return bool(given == value)
