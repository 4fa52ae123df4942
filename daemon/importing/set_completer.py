"""Frame sets of a log get what the log does not have: screenshots, and what stands beside it. Shell: reads files."""

from dataclasses import dataclass, replace

from daemon.importing.beside import Beside, BesideSet
from daemon.importing.snapshots import Snapshots
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName

__all__ = ["CompleteSet", "SetCompleter"]


@dataclass(frozen=True, slots=True, eq=False)
class CompleteSet:
    """A frame set as it will be stored.

    Args:
        frame_set: the set.
        known: whether something stands beside the log about it: it is then what was recorded, not what the log has.
        labels: its `annotations.json`; empty where it was never labelled.
        sighted: chunks that were seen for the first time or anew in it.
    """

    frame_set: FrameSet
    known: bool = False
    labels: bytes = b""
    sighted: tuple[ChunkName, ...] = ()


class SetCompleter:
    """Completes the frame sets of one session.

    Args:
        snapshots: has the screenshots.
        beside: what stands beside the log, if anything does.
    """

    def __init__(self, snapshots: Snapshots, beside: Beside | None) -> None:
        self._snapshots = snapshots
        self._beside = beside
        self._sighted = beside.session.sighted() if beside else {}

    def complete(self, logged: FrameSet) -> CompleteSet:
        """Complete a frame set.

        Raises:
            LogError: a file cannot be read.
        """
        known = self._beside.find(logged.frame_set_id) if self._beside else None
        if known is not None:
            return self._recorded(known.completed(logged), known)
        png, flaws = self._snapshots.find(logged.frame_set_id)
        return CompleteSet(replace(logged, flaws=(*logged.flaws, *flaws), png=png))

    def unlogged(self, number: int) -> CompleteSet | None:
        """Complete a frame set of which the log has no row; None where nothing stands beside the log either.

        Raises:
            LogError: a file cannot be read.
        """
        known = self._beside.find(number) if self._beside else None
        return None if known is None else self._recorded(known.alone(), known)

    def _recorded(self, frame_set: FrameSet, known: BesideSet) -> CompleteSet:
        number = frame_set.frame_set_id
        with_png = replace(frame_set, png=self._snapshots.read(number))
        return CompleteSet(with_png, known=True, labels=known.labels, sighted=self._sighted.get(number, ()))
