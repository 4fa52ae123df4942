"""Sessions in, dataset out. Shell."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from daemon.disk.files import guarded, replace_file
from daemon.exporting.buttons import Buttons
from daemon.exporting.destination import Destination, Facts
from daemon.exporting.errors import ExportError
from daemon.exporting.formats import Dataset, format_named, symbol_file
from daemon.exporting.label_set import label_set_of
from daemon.exporting.manifest import manifest_json, session_entry
from daemon.exporting.options import DatasetOptions, Progress, ProgressCallback
from daemon.exporting.source import SessionSource
from daemon.exporting.split import split_sets
from daemon.exporting.symbols import SymbolFile
from daemon.managing.session_reader import SessionReader

__all__ = ["export_sessions", "export_symbols"]

_DATASET = "dataset"
"""Name of the unit that holds the dataset's own files."""


def _silent(_progress: Progress) -> None:
    pass


def export_sessions(
    sessions: Sequence[SessionReader],
    export_format: str,
    folder: Path,
    options: DatasetOptions | None = None,
    progress: ProgressCallback = _silent,
) -> dict[str, Any]:
    """Write sessions as one dataset. An interrupted export goes on where it stopped when it is asked for again.

    Args:
        sessions: what goes in, in this order.
        export_format: one of `formats.FORMATS`.
        folder: the dataset's folder: new, empty, or with an unfinished export of the same things.
        options: choices; the defaults without.
        progress: is told how far it is.

    Returns:
        What `dataset.json` says.

    Raises:
        ExportError: these sessions cannot become that dataset, or not there.
        SessionError: a session is damaged.
        StoreError: the disk refused.
    """
    options = options or DatasetOptions()
    if not options.label_set:
        options = replace(options, label_set=", ".join(dict.fromkeys(map(label_set_of, sessions))))
    numbers = {session.session_id: session.frame_set_ids() for session in sessions}
    if len(numbers) < len(sessions):
        raise ExportError("A session is named twice: name each session once.")
    total = sum(map(len, numbers.values()))
    if not total:
        raise ExportError("There is nothing to export: the sessions hold no frame sets.")
    splits = split_sets(options.split, numbers)
    buttons = Buttons(session.metadata.recorder.get("buttons") or () for session in sessions)
    dataset = Dataset(options=options, buttons=buttons, sessions=tuple(sessions))
    writer = format_named(export_format)(dataset)
    destination = Destination(folder, _fingerprint(export_format, options, sessions, numbers))

    facts = [unit.facts for unit in destination.finished if unit.name != _DATASET]
    done = 0
    for place, session in enumerate(sessions):
        name = session.session_id
        source = SessionSource(session, numbers[name], splits[name], buttons, done, total, progress)
        done += len(numbers[name])
        if place < len(facts):
            progress(Progress(name, done, total))
            continue
        current: Facts = {}
        with destination.unit(name, current) as unit:
            current.update(writer.session(source, unit, facts))
            current["counts"] = source.tally.as_map()
        facts.append(current)
    own: Facts = {}
    with destination.unit(_DATASET, own) as unit:
        own.update(writer.finish(unit, facts))
    manifest = manifest_json(
        export_format,
        created=time.time_ns() // 1_000_000,
        options=options,
        buttons=buttons.names,
        sessions=[
            session_entry(session.metadata, session.session_id, known["counts"])
            for session, known in zip(sessions, facts, strict=True)
        ],
        files=[entry for unit in destination.finished for entry in unit.files],
        details=own | {"unknown_buttons": sorted(buttons.unknown)},
    )
    destination.close(manifest)
    document: dict[str, Any] = orjson.loads(manifest)
    return document


def export_symbols(symbols: Path, export_format: str, target: Path) -> SymbolFile:
    """Write a list of named addresses for another tool.

    Args:
        symbols: named addresses, as `resources/demo/symbols.json` or as other tools list them, see `symbol_lists`.
        export_format: one of `formats.SYMBOL_FORMATS`.
        target: the file to write; it must not exist.

    Returns:
        What was written.

    Raises:
        ExportError: the list cannot be read or used, or the file is there already.
        StoreError: the disk refused.
    """
    written = symbol_file(export_format, symbols)
    if target.exists():
        raise ExportError(f"{target} is there already: choose another name, or delete it first.")
    with guarded(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, written.data)
    return written


def _fingerprint(
    export_format: str, options: DatasetOptions, sessions: Sequence[SessionReader], numbers: dict[str, list[int]]
) -> str:
    known = [
        [
            session.session_id,
            session.metadata.created,
            len(numbers[session.session_id]),
            *numbers[session.session_id][-1:],
        ]
        for session in sessions
    ]
    histories = [_size(session.folder.annotation_history) for session in sessions]
    return hashlib.sha256(orjson.dumps([export_format, options.as_map(), known, histories])).hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
