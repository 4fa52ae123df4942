"""Report of an import, counted while it runs. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from daemon.importing.log_rows import Fault
from protocol.wording import counted

__all__ = ["MAX_EXAMPLES", "ImportReport"]

MAX_EXAMPLES = 3
"""Places that are named of each kind of finding."""


@dataclass(slots=True)
class ImportReport:
    """Report of an import: counts and examples. Places are texts such as `event_log.csv:17`.

    Args:
        session_id: the session that is made.
        rows: rows of the log.
        frame_sets: frame sets made of them.
        largest_set: frames in the set that has most.
        rejected: lines that are no rows, by reason.
        refused: files that are no screenshots, by what is wrong with them.
        examples: the first places of each reason and each note.
        flaws: frame sets by their flaws.
        notes: what is worth knowing and no fault.
    """

    session_id: str = ""
    rows: int = 0
    frame_sets: int = 0
    largest_set: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    flaws: Counter[str] = field(default_factory=Counter)
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Return whether every line was a row and every screenshot a picture."""
        return not self.rejected and not self.refused

    def reject(self, fault: Fault) -> None:
        """Count a line that is not a row."""
        self.rejected[fault.reason] += 1
        self._example(fault.reason, fault.place)

    def refuse(self, file: str, problem: str) -> None:
        """Count a file that is not a screenshot."""
        self.refused[problem] += 1
        self._example(problem, file)

    def note(self, what: str, place: str = "", count: int = 1) -> None:
        """Count something worth knowing."""
        self.notes[what] = self.notes.get(what, 0) + count
        if place:
            self._example(what, place)

    def lines(self) -> Iterator[str]:
        """Write the findings, one a line, most important first."""
        for reason, count in self.rejected.most_common():
            yield f"{counted(count, 'line')} left out: {reason} ({self._places(reason, count)})"
        for problem, count in self.refused.most_common():
            files = "1 file" if count == 1 else f"{count:,} files"
            yield f"{files} left out: {problem} ({self._places(problem, count)})"
        for flaw, count in self.flaws.most_common():
            if flaw not in self.refused:
                yield f"{counted(count, 'frame set')}: {flaw}"
        for what, count in self.notes.items():
            yield f"{what} ({self._places(what, count)})" if what in self.examples else what

    def as_map(self) -> dict[str, Any]:
        """Return the report as it stands in the session's metadata."""
        return {
            "rows": self.rows,
            "rejected": dict(self.rejected),
            "refused": dict(self.refused),
            "examples": self.examples,
            "notes": list(self.notes),
        }

    def _example(self, what: str, place: str) -> None:
        places = self.examples.setdefault(what, [])
        if len(places) < MAX_EXAMPLES:
            places.append(place)

    def _places(self, what: str, count: int) -> str:
        places = ", ".join(self.examples[what])
        return places if count <= MAX_EXAMPLES else f"{places}, …"
