"""Label counts of a session, updated with each label: progress, values by field. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from protocol.session.annotations import TEXT_FIELDS, Annotations

__all__ = ["MAX_VALUES", "LabelCounts", "most_used"]

MAX_VALUES = 500
"""Values of a field that are listed: the most used."""

_EMPTY = Annotations()


@dataclass(slots=True)
class LabelCounts:
    """Label counts of a session: progress, and the values used.

    Args:
        total: frame sets.
        complete: those that are marked complete.
        unlabelled: those without any label.
        used: frame sets by value, of each text field and of `tags`.
    """

    total: int = 0
    complete: int = 0
    unlabelled: int = 0
    used: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in (*TEXT_FIELDS, "tags")})

    def add(self, labels: Annotations, sets: int = 1) -> None:
        """Count frame sets with these labels.

        Args:
            labels: of each of them.
            sets: how many; negative where they were deleted, or have other labels now.
        """
        self.total += sets
        if labels == _EMPTY:
            self.unlabelled += sets
            return
        self.complete += sets * labels.complete
        for name in TEXT_FIELDS:
            self._count(name, getattr(labels, name), sets)
        for tag in labels.tags:
            self._count("tags", tag, sets)

    def progress(self) -> dict[str, int]:
        """Return the counts as `total`, `complete`, `partial` and `unlabelled`."""
        return {
            "total": self.total,
            "complete": self.complete,
            "partial": self.total - self.complete - self.unlabelled,
            "unlabelled": self.unlabelled,
        }

    def _count(self, name: str, value: str, sets: int) -> None:
        if value:
            counter = self.used[name]
            counter[value] += sets
            if not counter[value]:
                del counter[value]


def most_used(sessions: Iterable[LabelCounts]) -> dict[str, list[str]]:
    """List the values of several sessions by field, the most used first."""
    sums = LabelCounts().used
    for counts in sessions:
        for name, counter in counts.used.items():
            sums[name].update(counter)
    return {
        name: sorted(counter, key=lambda value: (-counter[value], value))[:MAX_VALUES] for name, counter in sums.items()
    }
