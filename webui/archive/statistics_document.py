"""JSON document of a session's statistics, for page and programs. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from protocol.session.annotations import Annotations
from protocol.session.statistics import SessionStatistics, SetCounts

__all__ = ["PARTS", "statistics_document"]

PARTS = 120
"""Most parts that a session is cut into to show how it went."""

_STEPS = (1, 2, 5, 12, 30, 60, 120, 300, 720)
"""Lengths of a part in frame sets: about 83 ms, … a second, … a minute."""


def statistics_document(counted: Iterable[tuple[SetCounts, Annotations]], left: int) -> dict[str, Any]:
    """Add up a session.

    Args:
        counted: what each frame set adds, and its labels, frame sets ascending.
        left: frame sets that have still to be counted.

    Returns:
        Counts, shares and, in `over_time`, columns with a value for each part of the session.
    """
    statistics = SessionStatistics()
    sets: list[SetCounts] = []
    for counts, labels in counted:
        statistics.add(counts, labels)
        sets.append(counts)
    return {
        "frame_sets": statistics.frame_sets,
        "left": left,
        "frames": statistics.frames,
        "idle_frames": statistics.idle_frames,
        "idle_share": round(statistics.idle_share, 4),
        "minutes": round(statistics.minutes, 3),
        "flawed": statistics.flawed,
        "labelled": statistics.labelled,
        "complete": statistics.complete,
        "labels": {
            name: [{"value": value, "frame_sets": count} for value, count in _most_first(values)]
            for name, values in statistics.labels.items()
        },
        "changes": dict(sorted(statistics.changes.items())),
        "held": [{"button": button, "frames": count} for button, count in _most_first(statistics.held)],
        "over_time": _over_time(sets, sorted(statistics.changes)),
    }


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _over_time(sets: list[SetCounts], regions: list[str]) -> dict[str, Any]:
    first = sets[0].frame_set_id if sets else 0
    extent = sets[-1].frame_set_id - first + 1 if sets else 0
    step = next((step for step in _STEPS if extent <= step * PARTS), -(-extent // PARTS))
    parts = [SessionStatistics() for _ in range(-(-extent // step))]
    for counts in sets:
        parts[(counts.frame_set_id - first) // step].add(counts, None)
    return {
        "first": first,
        "step": step,
        "frame_sets": [part.frame_sets for part in parts],
        "idle_share": [round(part.idle_share, 4) for part in parts],
        "changes": {region: [part.changes[region] for part in parts] for region in regions},
    }
