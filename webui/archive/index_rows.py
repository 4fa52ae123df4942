"""Rows of the index: made of files, gathered into runs, filtered by conditions. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from protocol.errors import DocumentError, LabelError
from protocol.session.annotations import FIELD_NAMES, TEXT_FIELDS, Annotations, read_annotations
from protocol.session.event_document import frames_of
from protocol.session.statistics import SetCounts
from protocol.wording import sentence
from webui.errors import QueryError

__all__ = [
    "STATUSES",
    "Facts",
    "SetFilter",
    "counts_of_row",
    "facts_of_event",
    "facts_of_summary",
    "join_runs",
    "labels_of_file",
    "labels_of_row",
    "ranges_of",
    "values_by_field",
]

STATUSES = ("all", "unlabelled", "partial", "complete")
"""Labelling status of a frame set: `partial` has labels and is not marked complete."""

_UNLABELLED = "NOT complete AND context || scene || action || intent || outcome || description = '' AND tags = '[]'"


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a frame set in the index, apart from its labels.

    Args:
        time: ms since the epoch, None where it is unknown.
        frames: its frames, ascending.
        flaws: why it is not whole.
        change_counts: memory changes by region, None where they have not been counted.
        held: `[frames, frames at which no button was held, {button: frames}]`, None where they have not been counted.
    """

    time: int | None
    frames: tuple[int, ...]
    flaws: tuple[str, ...]
    change_counts: Mapping[str, int] | None
    held: tuple[int, int, Mapping[str, int]] | None = None


def facts_of_summary(summary: Mapping[str, Any]) -> Facts:
    """Take the facts from a frame set summary of the bus."""
    flaws = tuple(summary["flaws"]) or (() if summary["whole"] else ("not whole",))
    return Facts(summary["timestamp"], tuple(summary["frames"]), flaws, dict(summary["change_counts"]))


def facts_of_event(document: Mapping[str, Any], counts: Mapping[str, int] | None = None) -> Facts:
    """Take the facts from an `event.json`.

    Args:
        document: its keys, with frames where its changes are counted.
        counts: its memory changes by region, None where they have not been counted; nor are buttons then.

    Raises:
        TypeError: it is not such a file.
    """
    flaws = tuple(document.get("flaws", ())) or (() if document.get("whole", True) else ("not whole",))
    time = document.get("timestamp")
    frames = tuple(document.get("frames_in_set", ()))
    held = None if counts is None else _held(document)
    return Facts(time if type(time) is int else None, frames, flaws, counts, held)


def _held(document: Mapping[str, Any]) -> tuple[int, int, Mapping[str, int]]:
    """Count buttons; none where the frames cannot be understood."""
    try:
        combinations = [frame.current_keys for frame in frames_of(document)]
    except DocumentError:
        return 0, 0, {}
    held = Counter(button for keys in combinations for button in keys.split("+") if button)
    return len(combinations), sum(not keys for keys in combinations), dict(held)


def labels_of_row(labels: Sequence[Any]) -> Annotations:
    """Turn the label fields of a row, in the order of the file, into labels."""
    annotations = dict(zip(FIELD_NAMES, labels, strict=True))
    tags = tuple(orjson.loads(annotations["tags"])) if annotations["tags"] != "[]" else ()
    return Annotations(**{**annotations, "tags": tags, "complete": bool(annotations["complete"])})


def counts_of_row(row: Sequence[Any]) -> tuple[SetCounts, Annotations]:
    """Turn a row into what statistics are made of.

    Args:
        row: `(id, time, flaws, counts, held)`, followed by the label fields.
    """
    number, time, flaws, counts, held, *labels = row
    frames, idle, buttons = orjson.loads(held)
    return (
        SetCounts(number, time, frames, idle, buttons, flaws != "[]", orjson.loads(counts)),
        labels_of_row(labels),
    )


@lru_cache(maxsize=1024)
def labels_of_file(data: bytes) -> tuple[Annotations, str]:
    """Read an `annotations.json`, and sentences on what is wrong with it.

    Neighbours mostly have the same labels, so what was read lately is remembered.
    """
    try:
        found = read_annotations(data)
        return found.labels, " ".join(sentence(f"{remark[:1].upper()}{remark[1:]}") for remark in found.remarks)
    except LabelError as error:
        return Annotations(), f"{sentence(str(error))} The file is set aside as soon as you label this set."


def join_runs(values: Iterable[tuple[int, int, Any]]) -> list[list[Any]]:
    """Gather equal neighbours into runs `[first, last, value]`; empty values make none.

    Args:
        values: `(first, last, value)`, ascending.
    """
    runs: list[list[Any]] = []
    for first, last, value in values:
        if not value:
            continue
        if runs and runs[-1][1] == first - 1 and runs[-1][2] == value:
            runs[-1][1] = last
        else:
            runs.append([first, last, value])
    return runs


def ranges_of(numbers: Iterable[int]) -> list[list[int]]:
    """Gather ascending numbers into unbroken runs `[first, last]`."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def values_by_field(rows: Iterable[Sequence[Any]]) -> dict[str, list[list[Any]]]:
    """Turn rows into runs for each field.

    Args:
        rows: the number, followed by the label fields in the order of the file; ascending.
    """
    # Neighbours mostly have all their labels in common: they are gathered first, so that each field looks at few.
    alike: list[list[Any]] = []
    for number, *labels in rows:
        if alike and alike[-1][1] == number - 1 and alike[-1][2] == labels:
            alike[-1][1] = number
        else:
            alike.append([number, number, labels])
    runs = {
        name: join_runs((first, last, labels[column]) for first, last, labels in alike)
        for column, name in enumerate(FIELD_NAMES)
    }
    runs["tags"] = [[first, last, orjson.loads(text)] for first, last, text in runs["tags"] if text != "[]"]
    runs["complete"] = [[first, last, True] for first, last, _ in runs["complete"]]
    return runs


@dataclass(frozen=True, slots=True)
class SetFilter:
    """Filter of frame sets. Conditions are joined by *and*.

    Args:
        status: one of `STATUSES`.
        values: wanted value by field; an empty text means that the field is empty. `tags` wants one tag.
        text: found in any text of the labels, without regard to case.
        first: lowest number.
        last: highest number, None for no limit.
        numbers: if not None, only these.
    """

    status: str = "all"
    values: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    first: int = 0
    last: int | None = None
    numbers: tuple[int, ...] | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """Return the SQL condition and its arguments.

        Raises:
            QueryError: a status or a field does not exist.
        """
        parts, arguments = ["id >= ?"], [self.first]
        terms: list[tuple[str, list[Any]]] = []
        if self.last is not None:
            terms.append(("id <= ?", [self.last]))
        match self.status:
            case "all":
                pass
            case "unlabelled":
                terms.append((_UNLABELLED, []))
            case "partial":
                terms.append((f"NOT complete AND NOT ({_UNLABELLED})", []))
            case "complete":
                terms.append(("complete", []))
            case _:
                raise QueryError(f"There is no status {self.status[:60]!r}; there are {', '.join(STATUSES)}.")
        for name, value in self.values.items():
            if name == "tags" and value:
                terms.append(("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", [value]))
            elif name == "tags":
                terms.append(("tags = '[]'", []))
            elif name in TEXT_FIELDS:
                terms.append((f"{name} = ?", [value]))
            else:
                raise QueryError(f"Frame sets cannot be filtered by {name[:60]!r}.")
        if self.text:
            wanted = "%" + re.sub(r"([\\%_])", r"\\\1", self.text) + "%"
            everything = "context || ' ' || scene || ' ' || action || ' ' || intent || ' ' || outcome || ' ' || tags"
            terms.append((f"({everything} || ' ' || description) LIKE ? ESCAPE '\\'", [wanted]))
        if self.numbers is not None:
            terms.append(("id IN (SELECT value FROM json_each(?))", [orjson.dumps(self.numbers).decode()]))
        for part, some in terms:
            parts.append(part)
            arguments += some
        return " AND ".join(f"({part})" for part in parts), arguments
