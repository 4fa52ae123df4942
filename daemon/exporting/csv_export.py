"""Sessions become the original's logs and snapshots; importing one gives the same session again. Shell."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from daemon.disk.files import map_os_errors, remove_tree
from daemon.exporting import log_export
from daemon.exporting.log_export import ExportTools, LogPart
from daemon.exporting.options import DatasetOptions
from daemon.importing.beside import FRAME_SETS, beside_folder, copy_files
from daemon.importing.crew import Crew
from daemon.progress import Progress
from protocol.disk import patiently
from protocol.errors import SessionError
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader

__all__ = ["LOG", "SNAPSHOTS", "CsvExporter"]

LOG = "event_log.csv"
"""Name of the log in the folder of a session."""

SNAPSHOTS = "snapshots"
"""Name of the folder of screenshots beside it."""

_BATCH = 64
"""Frame sets that are exported at a time."""


class CsvExporter:
    """Writes a folder for each session, by its name: `event_log.csv`, `snapshots/` and what `beside` says."""

    def __init__(self, sessions: Sequence[SessionReader], _options: DatasetOptions) -> None:
        self._sessions = sessions

    def export(self, folder: Path, progress: Progress) -> None:
        """Write the sessions; see `daemon.exporting.exporters.Exporter`."""
        for session in self._sessions:
            if (folder / session.session_id).exists():
                raise SessionError(f"{folder / session.session_id} is there already: export to another folder.")
        for session in self._sessions:
            _export(session, folder / session.session_id, progress)


def _export(session: SessionReader, target: Path, progress: Progress) -> None:
    partial = target.with_name(f".making-{target.name}")
    log, snapshots = partial / LOG, partial / SNAPSHOTS
    beside = beside_folder(log)
    with map_os_errors(target):
        remove_tree(partial)
        snapshots.mkdir(parents=True)
        try:
            beside.mkdir()
            copy_files(session.folder, beside)
            for number, image in session.memory_images().items():
                shutil.copyfile(image, SessionFolder(beside).memory_image(number))
            numbers = session.frame_set_ids()
            batches = [numbers[first : first + _BATCH] for first in range(0, len(numbers), _BATCH)]
            tools = ExportTools(session.folder.path.absolute(), snapshots.absolute())
            with (
                Crew[Sequence[int], LogPart](log_export.__name__, tools, len(batches)) as crew,
                log.open("wb") as rows,
                (beside / FRAME_SETS).open("wb") as lines,
            ):
                for part in crew.results(batches):
                    rows.write(part.rows)
                    lines.write(part.beside)
                    progress(part.frame_sets)
            patiently(lambda: partial.rename(target))
        finally:
            with suppress(OSError):
                remove_tree(partial)
