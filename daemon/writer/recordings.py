"""Sessions whose files the writer owns: a job in, its report out. Shell."""

from pathlib import Path

from daemon.disk.durability import Unsynced
from daemon.writer.jobs import Claim, Close, Job, Open, RefreshMetadata, Sync
from daemon.writer.session_files import SessionFiles
from protocol.errors import DiskFullError, FileHeldError, GbatraceError, StoreError
from protocol.session.layout import session_folder

__all__ = ["Recordings"]


class Recordings:
    """Files of all sessions that are being recorded.

    Args:
        data_folder: where the session folders are.
        unsynced: what of the written files has reached the medium.
        comes_again: whether what a full disk refused is given again, as a script that keeps its sets does.
    """

    def __init__(self, data_folder: Path, unsynced: Unsynced, *, comes_again: bool = True) -> None:
        self._data_folder = data_folder
        self._comes_again = comes_again
        self._unsynced = unsynced
        self._files: dict[str, SessionFiles] = {}

    def perform(self, job: Job, *, again: bool = False) -> str:
        """Carry out a job.

        Args:
            job: what is asked.
            again: whether a writer that was killed may have done it, in full or in part.

        Returns:
            Why it was refused, in a sentence for a player; empty when it is done.

        Raises:
            FileHeldError: another program holds a file of the session: ask again a little later.
        """
        try:
            self._do(job, again=again)
        except FileHeldError:
            raise
        except DiskFullError as error:
            return f"{str(error).removesuffix('.')}, recording goes on by itself." if self._comes_again else str(error)
        except GbatraceError as error:
            return str(error)
        return ""

    @property
    def is_log_due(self) -> bool:
        """True where `work_on_logs` has something to do."""
        return any(files.is_log_due for files in self._files.values())

    def work_on_logs(self) -> None:
        """Do some milliseconds of work for the logs of changes. It fails without a consequence."""
        for files in self._files.values():
            if files.is_log_due:
                files.work_on_log()
                return

    def take_notice(self, session: str) -> str:
        """Take what the person at the keyboard is to read of a session, once; else empty."""
        files = self._files.get(session)
        return "" if files is None else files.take_log_notice()

    def close(self) -> None:
        """Force out what was written and let go of every session.

        Raises:
            StoreError: the disk refused; every session was let go of.
        """
        try:
            self._unsynced.sync()
        finally:
            for files in self._files.values():
                files.close()
            self._files.clear()

    def _do(self, job: Job, *, again: bool) -> None:
        match job:
            case Claim(session) | Open(session):
                self._of(session).perform(job, again=again)
            case Close(session, discard):
                if discard or session in self._files:
                    self._of(session).perform(job)
                    del self._files[session]
            case Sync():
                self._unsynced.sync()
            case RefreshMetadata(session) if session not in self._files:
                pass
            case _:
                self._opened(job.session).perform(job, again=again)

    def _of(self, session: str) -> SessionFiles:
        if session not in self._files:
            folder = session_folder(self._data_folder, session)
            self._files[session] = SessionFiles(folder, self._unsynced.wrote)
        return self._files[session]

    def _opened(self, session: str) -> SessionFiles:
        files = self._files.get(session)
        if files is None:
            raise StoreError(f"Session {session} stopped being recorded: it goes on when its emulator comes back.")
        return files
