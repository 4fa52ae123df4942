"""Watch for folders that disappear while they are recorded in. Shell."""

from collections.abc import Callable, Iterable
from pathlib import Path

from protocol.session.layout import session_folder

__all__ = ["FolderWatch"]


class FolderWatch:
    """Watch on the data folder and the folders of sessions.

    Args:
        data_folder: the folder of the session folders; it is there.
        report: called once with what disappeared, in one sentence.
    """

    def __init__(self, data_folder: Path, report: Callable[[str], None]) -> None:
        self._data_folder = data_folder
        self._report = report
        self._missing: set[Path] = set()

    def look(self, sessions: Iterable[str]) -> None:
        """Look once. Waits for the disk.

        Args:
            sessions: the open sessions of which something is stored.
        """
        folders = {self._data_folder: "The data folder"}
        folders |= {session_folder(self._data_folder, name).path: "The folder" for name in sessions}
        missing = {path for path in folders if not path.is_dir()}
        whole = self._data_folder in missing
        for path in sorted(missing - self._missing):
            if path == self._data_folder or not whole:
                self._report(
                    f"{folders[path]} {path} was deleted, moved or unplugged, with everything stored in it. "
                    "New frame sets go into a new folder of that name."
                )
        self._missing = missing
