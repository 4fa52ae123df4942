"""Edits that taken suggestions and moved ends are, as parts of one label command. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.labels.commands import CommandHeader, Part, merged, parse_header, parse_parts
from daemon.suggesting.suggestions import suggested_field
from protocol.errors import LabelError

__all__ = ["SNAP_ARGUMENTS", "TAKE_ARGUMENTS", "LabelEdits", "parse_snap", "parse_take", "snap_edits", "take_edits"]

_SIGNED = frozenset({"session", "who", "origin", "command_id"})

TAKE_ARGUMENTS = frozenset({*_SIGNED, "field", "ranges"})
SNAP_ARGUMENTS = frozenset({*_SIGNED, "field", "numbers", "all"})
"""Arguments that `take_suggestions` and `snap` may have."""

_LONGEST_REASON = 1_000
"""Characters of the reason of an entry of the history."""


@dataclass(frozen=True, slots=True)
class LabelEdits:
    """Parts of a label command, and in words why.

    Args:
        parts: none where there is nothing to do.
        reason: for the history of the labels.
    """

    parts: tuple[Part, ...]
    reason: str


def parse_take(arguments: Mapping[str, Any]) -> tuple[CommandHeader, str, list[range] | None]:
    """Read a command that takes suggestions: header, field, ranges or None for all suggestions.

    Raises:
        LabelError: an argument is wrong.
        AnalysisError: no labels are suggested for the field.
    """
    header = parse_header(arguments, TAKE_ARGUMENTS)
    field = suggested_field(str(arguments.get("field", "")))
    if arguments.get("ranges") is None:
        return header, field, None
    [part] = parse_parts({"ranges": arguments["ranges"], "labels": {}})
    return header, field, list(part.ranges)


def parse_snap(arguments: Mapping[str, Any]) -> tuple[CommandHeader, str, list[int] | None]:
    """Read a command that moves ends: header, field, frame sets of the runs or None for all.

    Raises:
        LabelError: an argument is wrong.
        AnalysisError: no labels are suggested for the field.
    """
    header = parse_header(arguments, SNAP_ARGUMENTS)
    field = suggested_field(str(arguments.get("field", "")))
    if (arguments.get("all") is True) == (arguments.get("numbers") is not None):
        raise LabelError("`snap` names frame sets of the runs that are meant as `numbers`, or says `all`: true.")
    if arguments.get("all") is True:
        return header, field, None
    [part] = parse_parts({"frame_sets": arguments["numbers"], "labels": {}})
    return header, field, list(part.listed)


def take_edits(answer: Mapping[str, Any], ranges: Sequence[range] | None) -> LabelEdits:
    """Return the edits that take suggestions.

    A suggestion fills only sets that have no label. A label that memory contradicts is replaced where its frame sets
    are named, and only while it is still there.

    Args:
        answer: to the question `suggestions`.
        ranges: frame sets that are meant; None for all suggestions.
    """
    taken = [(run, "", cut) for run in answer["suggestions"] for cut in _cut(run, ranges)]
    if ranges is not None:
        taken += [(run, run["label"], cut) for run in answer["disagreements"] for cut in _cut(run, ranges)]
    return _edits(answer["field"], taken)


def snap_edits(answer: Mapping[str, Any]) -> LabelEdits:
    """Return the edits that move ends of runs.

    Args:
        answer: to the question `snaps`.
    """
    return _edits(answer["field"], [(move, move["label"], cut) for move in answer["moves"] for cut in _cut(move, None)])


def _edits(field: str, given: Sequence[tuple[Mapping[str, Any], str, range]]) -> LabelEdits:
    """Make one part for each pair of values, before and after."""
    by_values: dict[tuple[str, str], list[range]] = {}
    for run, was, cut in given:
        by_values.setdefault((was, run["value"]), []).append(cut)
    parts = tuple(
        Part((), merged(cuts), {field: value}, (), frozenset(), {field: was})
        for (was, value), cuts in by_values.items()
    )
    return LabelEdits(parts, "; ".join(dict.fromkeys(run["reason"] for run, _, _ in given))[:_LONGEST_REASON])


def _cut(run: Mapping[str, Any], ranges: Iterable[range] | None) -> list[range]:
    """Return the frame sets of a run that are meant."""
    whole = range(run["first"], run["last"] + 1)
    if ranges is None:
        return [whole]
    cuts = (range(max(whole.start, each.start), min(whole.stop, each.stop)) for each in ranges)
    return [cut for cut in cuts if cut]
