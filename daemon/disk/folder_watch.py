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
        self._gone: set[Path] = set()

    def look(self, sessions: Iterable[str]) -> None:
        """Look once. Waits for the disk.

        Args:
            sessions: the open sessions of which something is stored.
        """
        folders = {self._data_folder: "The data folder"}
        folders |= {session_folder(self._data_folder, name).path: "The folder" for name in sessions}
        gone = {path for path in folders if not path.is_dir()}
        whole = self._data_folder in gone
        for path in sorted(gone - self._gone):
            if path == self._data_folder or not whole:
                self._report(
                    f"{folders[path]} {path} was deleted, moved or unplugged, and what was stored in it is gone from "
                    "there. What is played from now on goes into a new one of that name."
                )
        self._gone = gone
