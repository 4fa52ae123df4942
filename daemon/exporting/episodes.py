"""Where a session's play is broken: episodes end there. Pure."""

from collections.abc import Iterable

from daemon.importing.set_ledger import jumped
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import SessionMetadata

__all__ = ["DISCONTINUITIES", "EpisodeCutter"]

DISCONTINUITIES = frozenset({"savestate_loaded", "reset", "rewind", "jump", "rom_changed"})
"""Events after which the game is not where its last frame left it."""


class EpisodeCutter:
    """Numbers a session's episodes while its frame sets go by.

    Two frame sets of a recording are of one episode if their numbers and frames follow each other without a gap, both
    are consecutive in themselves, the first was not cut short, and no discontinuity lies between them.

    A log has no row of a frame in which nothing changed, and the original script's frame sets have six frames. There,
    what follows in number is one episode unless the frames go back, or on by more than such frames explain. A frame
    set that is missing as a whole ends an episode in either: steps must be of equal length.

    Args:
        metadata: the session's.
        events: the session's events.
    """

    def __init__(self, metadata: SessionMetadata, events: Iterable[EventRecord] = ()) -> None:
        self._frames_per_set = metadata.num_frames_per_set
        self._is_of_a_log = metadata.is_of_a_log
        self._broken = {event.frame_set_id for event in events if event.name in DISCONTINUITIES}
        self._before: FrameSet | None = None
        self._episode = -1

    def episode_of(self, frame_set: FrameSet) -> int:
        """Return the number of the episode that the next frame set belongs to, from 0."""
        if self._before is None or not self._follows(self._before, frame_set):
            self._episode += 1
        self._before = frame_set
        return self._episode

    def _follows(self, before: FrameSet, after: FrameSet) -> bool:
        if after.frame_set_id != before.frame_set_id + 1:
            return False
        if self._is_of_a_log:
            return after.frame_set_id not in self._broken and not jumped(
                (before.frame_set_id, before.frames[-1].frame),
                (after.frame_set_id, after.frames[0].frame),
                self._frames_per_set,
            )
        return (
            after.frames[0].frame == before.frames[-1].frame + 1
            and len(before.frames) >= self._frames_per_set
            and _consecutive(before)
            and _consecutive(after)
            and not (after.frame_set_id in self._broken and len(after.frames) >= self._frames_per_set)
        )


def _consecutive(frame_set: FrameSet) -> bool:
    return frame_set.frames[-1].frame - frame_set.frames[0].frame == len(frame_set.frames) - 1
