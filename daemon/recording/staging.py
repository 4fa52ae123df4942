"""A new session, written whole or not at all. Shell."""

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from daemon.disk.data_folder import has_session
from daemon.disk.files import map_os_errors, remove_tree
from daemon.recording.session_writer import SessionWriter
from protocol.disk import retry_while_held
from protocol.errors import SessionError
from protocol.session.layout import MAKING, SessionFolder, session_folder

__all__ = ["Staging", "require_free"]


class Staging:
    """New session under a temporary name, until `publish` gives it its own.

    Left without `publish`, nothing of it stays. What a killed program left is removed by the next of the same name.

    Args:
        data_folder: where the session will be.
        name: the session's name.

    Attributes:
        folder: where to write.
        writer: writes there, once it is opened.

    Raises:
        SessionError: there is a session of that name.
        StoreError: the disk refused.
    """

    def __init__(self, data_folder: Path, name: str) -> None:
        self._target = require_free(data_folder, name)
        self.folder = SessionFolder(data_folder / f"{MAKING}{name}")
        self.writer = SessionWriter(self.folder)

    def __enter__(self) -> Self:
        """Make an empty folder."""
        with map_os_errors(self.folder.path):
            self._remove()
            self.folder.path.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not published."""
        self.writer.close()
        with suppress(OSError):
            self._remove()

    def publish(self) -> SessionFolder:
        """Give the session its name.

        Raises:
            SessionError: meanwhile there is a session of that name.
            StoreError: the disk refused.
        """
        require_free(self._target.path.parent, self._target.path.name)
        self.writer.close()
        with map_os_errors(self._target.path):
            retry_while_held(lambda: self.folder.path.rename(self._target.path))
        return self._target

    def _remove(self) -> None:
        for path in (self.folder.path, self.folder.staging):
            remove_tree(path)


def require_free(data_folder: Path, name: str) -> SessionFolder:
    """Return the folder of a session that does not exist yet.

    Raises:
        SessionError: it does.
        LayoutError: the name cannot be a session's.
    """
    folder = session_folder(data_folder, name)
    if has_session(data_folder, name):
        raise SessionError(f"There is a session {name} in {data_folder} already: choose another name.")
    return folder
