"""Tally of a session, counted while it goes by. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from daemon.exporting.batch import Batch

__all__ = ["SessionTally"]

_CHOSEN = ("context", "action", "intent", "outcome")


@dataclass(slots=True)
class SessionTally:
    """Counts a session while it goes by."""

    frame_sets: int = 0
    whole: int = 0
    labelled: int = 0
    complete: int = 0
    episodes: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    values: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _CHOSEN})

    def add(self, batch: Batch) -> None:
        """Count a batch."""
        self.frame_sets += len(batch.sets)
        self.whole += sum(item.whole for item in batch.sets)
        self.splits.update(name or "gap" for name in batch.splits.tolist())
        if len(batch.episodes):
            self.episodes = int(batch.episodes[-1]) + 1
        rows = np.bincount(batch.changes.region, minlength=len(batch.changes.regions)).tolist()
        self.changes.update(dict(zip(batch.changes.regions, rows, strict=True)))
        for labels in batch.labels:
            if labels is None:
                continue
            self.labelled += 1
            self.complete += labels.complete
            for name in _CHOSEN:
                if value := getattr(labels, name):
                    self.values[name][value] += 1

    def as_map(self) -> dict[str, Any]:
        """Return the counts as they stand in `dataset.json`."""
        return {
            "frame_sets": self.frame_sets,
            "whole": self.whole,
            "episodes": self.episodes,
            "labelled": self.labelled,
            "complete": self.complete,
            "changes": dict(self.changes),
            "splits": dict(self.splits),
            "label_values": {name: dict(counter.most_common()) for name, counter in self.values.items()},
        }
