"""Seals: hashes in a session's metadata and labels, of themselves and other files. Pure.

Metadata end with a check, the hash of everything before it in the file. Once a session has ended they hold its *seal*
as well: the last link of each journal, and the hashes of what else gbatrace wrote there. So the file in which a session
is marked as ended is the one that proves it, and both come with one rename.

Labels are given later as well: their history has a seal of its own, `annotation_seal.json`.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from protocol.errors import DocumentError

__all__ = [
    "LabelSeal",
    "Seal",
    "check_fits",
    "checked_metadata",
    "label_seal_json",
    "parse_label_seal",
    "parse_seal",
    "renamed_metadata",
]

_CHECK = re.compile(rb'(.*,\n  "check": ")([0-9a-f]{64})"\n\}\n', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Seal:
    """The state of a session's files when it ended.

    Args:
        events: last link of `events.jsonl`, empty where there is no such file.
        proofs: last link of `proofs.jsonl`, as well.
        checksums: last link of `checksums.jsonl`, as well.
        files: hash of each other file that gbatrace wrote, by name.
        change_log: checksum of all blocks of `changes.log`, 32 hex digits; empty where there was none, or it lacked
            frame sets: it can be made again from their folders.
    """

    events: str
    proofs: str
    checksums: str
    files: Mapping[str, str] = field(default_factory=dict)
    change_log: str = ""


@dataclass(frozen=True, slots=True)
class LabelSeal:
    """The state of the history of labels.

    Args:
        link: last link of `annotation_history.jsonl`.
        pending: the link of an entry that is being carried out: it may be there, and its labels may be written, or not.
            Empty where all is done.
    """

    link: str
    pending: str = ""


def checked_metadata(metadata: bytes, seal: Seal | None = None) -> bytes:
    """Write metadata with their check.

    Args:
        metadata: `session_metadata.json` as `metadata_json` or this function writes it.
        seal: of a session that has ended.
    """
    document: dict[str, Any] = orjson.loads(metadata)
    document.pop("check", None)
    if seal is not None:
        document["seal"] = asdict(seal)
    head = orjson.dumps(document, option=orjson.OPT_INDENT_2)[:-2] + b',\n  "check": "'
    return b'%b%b"\n}\n' % (head, sha256(head).hexdigest().encode())


def renamed_metadata(metadata: bytes, session_id: str) -> bytes:
    """Write metadata under another name that a person chose.

    Their seal stays, and a check that did not fit does not fit then.
    """
    document: dict[str, Any] = {**orjson.loads(metadata), "session_id": session_id, "is_custom_name": True}
    renamed = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return checked_metadata(renamed) if check_fits(metadata) else renamed


def check_fits(metadata: bytes) -> bool | None:
    """Return whether metadata are as they were written; None where they carry no check."""
    found = _CHECK.fullmatch(metadata)
    return None if found is None else sha256(found[1]).hexdigest().encode() == found[2]


def parse_seal(metadata: bytes) -> Seal | None:
    """Read the seal of metadata whose check fits; None where there is none.

    Raises:
        DocumentError: it is none that this version can read.
    """
    seal = orjson.loads(metadata).get("seal")
    try:
        return None if seal is None else Seal(**seal)
    except TypeError:
        raise DocumentError("its seal is none") from None


def label_seal_json(seal: LabelSeal) -> bytes:
    """Write `annotation_seal.json`."""
    return orjson.dumps(asdict(seal), option=orjson.OPT_APPEND_NEWLINE)


def parse_label_seal(data: bytes) -> LabelSeal:
    """Read `annotation_seal.json`.

    Raises:
        DocumentError: it is not as `label_seal_json` writes it, byte for byte.
    """
    try:
        document = orjson.loads(data)
        seal = LabelSeal(str(document["link"]), str(document["pending"]))
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise DocumentError("it is not a seal of labels") from None
    if label_seal_json(seal) != data:
        raise DocumentError("it is not as it was written")
    return seal
