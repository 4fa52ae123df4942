"""Queue of stored frame sets for the log of changes, worked off while no job waits. Shell.

Nothing of a recording depends on the log: the folders have all of it. So a job is reported before anything is done for
the log, work is done in slices of some milliseconds, and where it fails, or falls behind, the queue is dropped and the
log is completed from the folders later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.disk.durability import Wrote
from protocol.held_files import is_held
from protocol.session.integrity import ChunkName
from protocol.session.layout import SessionFolder

if TYPE_CHECKING:
    # numpy takes the writer a tenth of a second to load: only when there is a session, and time.
    from daemon.writer.change_log import ChangeLog

__all__ = ["BATCH", "MOST_WAITING", "LogQueue", "StoredImage", "StoredSet"]

BATCH = 144
"""Frame sets that wait until the log is worked on: a block of it."""

MOST_WAITING = 8 * BATCH
"""Frame sets that wait while the writer has no time; beyond it they are read from their folders later."""


@dataclass(frozen=True, slots=True)
class StoredSet:
    """A frame set that has its name.

    Args:
        number: its id.
        event: hash of its `event.json`, as in `checksums.jsonl`.
        rebaselined: chunks that were seen for the first time or anew in it.
        columns: as `daemon.writer.set_columns` writes them.
    """

    number: int
    event: str
    rebaselined: tuple[ChunkName, ...]
    columns: bytes


@dataclass(frozen=True, slots=True)
class StoredImage:
    """The memory image after a frame set, unpacked."""

    number: int
    image: bytes


class LogQueue:
    """Queue of what one session's log lacks. Its methods raise nothing.

    Args:
        folder: the session's folder.
        wrote: called with the log's path when something was written to it.
    """

    def __init__(self, folder: SessionFolder, wrote: Wrote) -> None:
        self._folder = folder
        self._wrote = wrote
        self._waiting: list[StoredSet | StoredImage] = []
        self._log: ChangeLog | None = None
        self._work: Iterator[None] | None = None
        self._is_due = False
        self._notice: str | None = None
        """None until there is something to say; empty when it was taken."""

    @property
    def is_due(self) -> bool:
        """True where `work` has something to do."""
        return self._is_due or self._work is not None

    @property
    def link(self) -> str:
        """Checksum of all blocks that were written, hex digits; empty where that is not known."""
        return "" if self._log is None else self._log.link

    def open(self) -> None:
        """Begin, or go on after an end or a refusal, with the log completed from the folders."""
        self._drop()
        self._is_due = True

    def take_notice(self) -> str:
        """Take the sentence that the log lacks something, for who is at the keyboard; else empty."""
        notice = self._notice
        if notice:
            self._notice = ""
        return notice or ""

    def add(self, stored: StoredSet | StoredImage) -> None:
        """Add what was stored."""
        self._waiting.append(stored)
        if len(self._waiting) >= BATCH:
            self._is_due = True
        if len(self._waiting) > MOST_WAITING:
            self._waiting.clear()
            self._note("has fallen behind, because the writer has no time for it")

    def work(self) -> None:
        """Do the next slice of what is due."""
        if self._work is None:
            self._is_due = False
            self._work = self._work_off()
        try:
            next(self._work)
        except StopIteration:
            self._work = None
        except Exception as error:  # Of the log alone; with the next batch it is read anew and completed.
            self._fail(error)

    def finish(self) -> None:
        """Write what waits, unless the log lacks more than a few blocks: folders have them too."""
        while (self.is_due or self._waiting) and not self._is_behind:
            self.work()
        if self._log is not None and not self._is_behind:
            try:
                self._log.flush()
            except Exception as error:  # See `work`.
                self._fail(error)
        elif self._is_behind:
            self._note("is not complete yet, because the session ended before the writer had time for it")

    @property
    def _is_behind(self) -> bool:
        return self._log is not None and self._log.is_behind

    def _fail(self, error: Exception) -> None:
        self._drop()
        if not (isinstance(error, OSError) and is_held(error)):  # The next batch finds it free again.
            reason = (isinstance(error, OSError) and error.strerror) or str(error).rstrip(".") or repr(error)
            self._note(f"cannot be written ({reason})")

    def _note(self, reason: str) -> None:
        if self._notice is None:
            self._notice = (
                f"The log of changes of {self._folder.path.name} {reason}. "
                "Nothing is lost: frame sets that it lacks are read from their folders."
            )

    def _drop(self) -> None:
        self._waiting.clear()
        self._log = self._work = None

    def _work_off(self) -> Iterator[None]:
        if self._log is None:
            from daemon.writer.change_log import ChangeLog  # noqa: PLC0415 - see above

            yield
            self._log = ChangeLog(self._folder, self._wrote)
            yield from self._log.open()
        waiting, self._waiting = self._waiting, []
        for stored in waiting:
            yield from self._log.take(stored)
