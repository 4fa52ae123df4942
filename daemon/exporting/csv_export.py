"""Export of sessions as the original's logs and snapshots. Shell.

A log has a row for each change and nothing else: frames in which nothing changed, labels, events and memory images stay
behind. Only a copy of a session's folder keeps everything.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

import orjson

from daemon.disk.files import map_os_errors, remove_tree
from daemon.exporting.destination import MANIFEST, file_entry
from daemon.exporting.engines import Engine
from daemon.exporting.manifest import MANIFEST_VERSION, sealed_manifest
from daemon.exporting.options import DatasetOptions
from daemon.importing.log_rows import COLUMNS
from daemon.progress import Progress
from protocol.console import NO_KEYS
from protocol.disk import retry_while_held
from protocol.errors import SessionError
from protocol.link.spool import LOG, SNAPSHOTS
from protocol.session.frame_set import FrameSet, hex_word, hex_words
from protocol.session.layout import MAKING
from protocol.session.reader import SessionReader, open_session
from protocol.version import PACKAGE_VERSION

__all__ = ["CsvExporter", "log_rows"]


class CsvExporter:
    """Exporter of a folder for each session: `event_log.csv`, `snapshots/`, `dataset.json`.

    An export that was interrupted goes on with the sessions that are missing.
    """

    def __init__(self, sessions: Sequence[SessionReader], options: DatasetOptions) -> None:
        self._sessions = sessions
        self._header = options.csv_header

    def export(self, folder: Path, progress: Progress, engine: Engine | None = None) -> Sequence[str]:
        """Write the sessions; see `daemon.exporting.exporters.Exporter`."""
        folder, missing = folder.absolute(), []
        for session in self._sessions:
            target = folder / session.session_id
            if target.exists():
                if not _is_export(target, session, header=self._header):
                    raise SessionError(f"{target} is there already: export to another folder.")
                progress(len(session.frame_set_ids()))
            else:
                missing.append(session)
        if not missing:
            raise SessionError(f"{folder} has all of these sessions already: export to another folder.")
        if engine is None:
            for session in missing:
                _export(session, folder / session.session_id, progress, header=self._header)
        else:
            task = partial(_export_apart, folder=folder, header=self._header)
            for count in engine.results(task, [session.folder.path.absolute() for session in missing]):
                progress(count)
        return ()


def _export_apart(path: Path, folder: Path, *, header: bool) -> int:
    """Write a session in a process of an engine; return the number of its frame sets."""
    session = open_session(path)
    target = folder / session.session_id
    if not target.exists():  # Else a process wrote it that died before it could tell.
        _export(session, target, lambda _more: None, header=header)
    return len(session.frame_set_ids())


def _export(session: SessionReader, target: Path, progress: Progress, *, header: bool) -> None:
    partial = target.with_name(f"{MAKING}{target.name}")
    snapshots = partial / SNAPSHOTS
    with map_os_errors(target):
        remove_tree(partial)
        snapshots.mkdir(parents=True)
        try:
            with (partial / LOG).open("w", encoding="utf-8", newline="") as log:
                table = csv.writer(log, lineterminator="\n")
                if header:
                    table.writerow(COLUMNS)
                for frame_set in session.frame_sets():
                    table.writerows(log_rows(frame_set))
                    if frame_set.png:
                        (snapshots / f"{frame_set.frame_set_id}.png").write_bytes(frame_set.png)
                    progress(1)
            (partial / MANIFEST).write_bytes(_manifest(session, partial, header=header))
            retry_while_held(lambda: partial.rename(target))
        finally:
            with suppress(OSError):
                remove_tree(partial)


def _manifest(session: SessionReader, folder: Path, *, header: bool) -> bytes:
    """Return the `dataset.json` of a session's log, by which it can be checked."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return sealed_manifest(
        {
            **_identity(session, header=header),
            "gbatrace_version": PACKAGE_VERSION,
            "files": [file_entry(folder, path).as_map() for path in files],
        }
    )


def _identity(session: SessionReader, *, header: bool) -> dict[str, Any]:
    """Return what tells the export of one session from any other."""
    metadata, numbers = session.metadata, session.frame_set_ids()
    return {
        "manifest_version": MANIFEST_VERSION,
        "format": "csv",
        "options": {"csv_header": header},
        "sessions": [
            {
                "session_id": session.session_id,
                "created": metadata.created,
                "rom_hash": metadata.recorder.get("rom_hash"),
                "frame_sets": len(numbers),
                "last_frame_set": max(numbers, default=None),
            }
        ],
    }


def _is_export(folder: Path, session: SessionReader, *, header: bool) -> bool:
    """Return whether a folder is the finished export of a session."""
    try:
        document = orjson.loads((folder / MANIFEST).read_bytes())
        return all(document[key] == value for key, value in _identity(session, header=header).items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def log_rows(frame_set: FrameSet) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a frame set, each of the 12 columns of `daemon.importing.log_rows`."""
    frames = {frame.frame: frame for frame in frame_set.frames}
    for scan in frame_set.changes:
        frame = frames[scan.frame]
        yield from zip(
            repeat(frame.timestamp),
            repeat(scan.region),
            repeat(scan.frame),
            hex_words(scan.addresses),
            hex_words(scan.previous),
            hex_words(scan.current),
            scan.freq.tolist(),
            repeat(hex_word(frame.pc)),
            repeat(" | ".join(frame.key_history)),
            repeat(frame.current_keys or NO_KEYS),
            repeat(frame_set.frame_set_id),
            repeat(scan.chunk),
            strict=False,
        )
