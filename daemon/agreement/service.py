"""Comparison of the labels of two people, or of two sessions of the same play. Shell."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from daemon.agreement.agreement import FieldAgreement, agreement_of
from daemon.agreement.words import Words, words_of_people
from daemon.analysis.label_reader import LabelReader
from daemon.labels.history import Entry, parse_entry
from protocol.disk import complete_lines
from protocol.errors import AnalysisError, LabelError, SessionError
from protocol.session.annotations import TEXT_FIELDS
from protocol.session.reader import SessionReader, stored_session

__all__ = ["compared_people", "compared_sessions"]


def compared_people(data_folder: Path, session: str, first: str = "", second: str = "") -> dict[str, Any]:
    """Compare what two people said last of the frame sets of a session.

    Args:
        data_folder: the session folders.
        session: its id.
        first: name of the one; without it the two who labelled most.
        second: name of the other.

    Returns:
        As `agreement` of the bus (protocol/README.md, 7), with all disagreements.

    Raises:
        SessionError: there is no such session, or its history cannot be read.
        AnalysisError: one of them has labelled nothing there, or one name is given and not the other.
    """
    reader = stored_session(data_folder, session)
    words = words_of_people(_entries(reader), reader.frame_set_ids())
    people = sorted(((who, _count(said)) for who, said in words.items()), key=lambda each: (-each[1], each[0]))
    listed = [{"who": who, "sets": count} for who, count in people]
    if not first and not second:
        if len(people) < 2:
            return _answer(listed, [who for who, _ in people], [], 0)
        (first, _), (second, _) = people[:2]
    for name in (first, second):
        if name not in words:
            known = ", ".join(who or "somebody without a name" for who, _ in people)
            raise AnalysisError(
                f"{name[:60] or 'Somebody without a name'} has labelled nothing in session {session}; "
                f"{f'who has: {known}.' if known else 'nobody has.'}"
            )
    return _answer(listed, [first, second], agreement_of(words[first], words[second]), 0)


def compared_sessions(data_folder: Path, session: str, other: str) -> dict[str, Any]:
    """Compare the labels of two sessions of the same play: copies, or one log imported twice.

    Frame sets count whose `event.json` is the same in both.

    Args:
        data_folder: the session folders.
        session: the id of the one.
        other: the id of the other.

    Returns:
        As `agreement` of the bus; `left_out` frame sets are in one of them only, or not the same play.

    Raises:
        SessionError: there is no such session, or its labels cannot be read.
        AnalysisError: no frame set is of the same play.
    """
    readers = [stored_session(data_folder, name) for name in (session, other)]
    checks = [{number: line.event for number, line in reader.listed_sets().items()} for reader in readers]
    there = [set(reader.frame_set_ids()) for reader in readers]
    same = sorted(
        number for number in there[0] & there[1] if checks[0].get(number) and checks[0][number] == checks[1].get(number)
    )
    if not same:
        raise AnalysisError(
            f"{session} and {other} are not of the same play: no frame set is the same in both. "
            "Compare a session with its copy, or two imports of one log."
        )
    words = [_labels(reader, same) for reader in readers]
    return _answer([], [session, other], agreement_of(*words), len(there[0] | there[1]) - len(same))


def _answer(
    people: list[dict[str, Any]], compared: list[str], fields: Sequence[FieldAgreement], left_out: int
) -> dict[str, Any]:
    disagreements = [each for field in fields for each in field.disagreements]
    disagreements.sort(key=lambda each: (each.first, TEXT_FIELDS.index(each.field)))
    return {
        "people": people,
        "compared": compared,
        "fields": [field.as_map() for field in fields],
        "disagreements": [each.as_map() for each in disagreements],
        "total": len(disagreements),
        "left_out": left_out,
    }


def _entries(reader: SessionReader) -> list[Entry]:
    path = reader.folder.annotation_history
    entries = []
    try:
        for line in complete_lines(path):
            with suppress(LabelError):
                entries.append(parse_entry(line))
    except OSError as error:
        raise SessionError(f"{path} cannot be read ({error.strerror or error}).") from error
    return entries


def _labels(reader: SessionReader, numbers: Sequence[int]) -> Words:
    """Return the labels as they are, as words; a set without a label has none."""
    array = np.array(numbers, np.uint32)
    labels = LabelReader(reader).labels(array)
    return {
        field: {number: value for number, value in zip(numbers, labels.values(array, field), strict=True) if value}
        for field in TEXT_FIELDS
    }


def _count(words: Words) -> int:
    """Return how many frame sets a person has a word on."""
    return len(set().union(*words.values()))
