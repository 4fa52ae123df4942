"""Session that is played again in a core, to have savestates of its moments. Shell.

A recording holds the buttons of every frame. A game that is switched on and gets them again goes the same way, as the
memories that were recorded prove; so a session needs no savestates of its own.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.rows import OWN
from daemon.analysis.session_history import RecordedSession
from daemon.probing.replay_path import MISSING, ReplayPaths
from daemon.probing.savestates import SavestateCache
from daemon.processes.console_process import ConsoleProcess, Played
from protocol.changes import I64, U8, U32, Bools
from protocol.errors import MomentError
from protocol.session.origin import savestate_frame

__all__ = ["PlayedSession"]

_KEPT_EVERY = 3_600
"""Frames between two savestates that are kept on the way."""

_STRETCH = 36_000
"""Frames that are played and kept at a time: some twenty seconds."""

_WRONG = 0.01
"""Share of the words that ever change which may differ from the recording."""


class PlayedSession:
    """A session with a console that plays it again.

    Args:
        recorded: the session.
        console: a console with its game, for this alone; its images are of the session's regions.
        cache: savestates of earlier times.
        start: the savestate from which it starts, see `SessionReader.start_state`; None for power-on.

    Attributes:
        frames: emulated from savestates since `count`.
        forwarded: frames played to get to moments.
    """

    def __init__(
        self, recorded: RecordedSession, console: ConsoleProcess, cache: SavestateCache, start: bytes | None = None
    ) -> None:
        self.history: History = recorded.history
        self.timeline = recorded.timeline
        self.frames = 0
        self.forwarded = 0
        self._console = console
        self._cache = cache
        self._start: bytes | Literal["power_on"] = "power_on" if start is None else start
        self._paths = ReplayPaths(self.timeline, savestate_frame(recorded.metadata))
        self._states: dict[int, bytes] = {}
        self._changing = _changing_words(self.history)

    def state_at(self, place: int) -> bytes:
        """Return a savestate of the moment after a set.

        The game is played up to there from the nearest savestate that is known, else from the start.

        Args:
            place: of the set.

        Raises:
            MomentError: the recording does not show how the game got there, or the game goes another way.
            CoreError: the core crashed or stood still.
        """
        path = self._paths.to_set(place)
        buttons = self._paths.buttons(path)
        last = int(path[-1])
        if last in self._states:
            return self._states[last]
        if last in self._cache.frames() and (cached := self._cache.load(last)) is not None:
            self._states[last] = cached
            return cached
        frames = int(self.timeline.first_frames[place + 1] - self.timeline.first_frames[place])
        before = path[: max(0, len(path) - frames)]
        # A probe that is ended on a long way leaves what the next one goes on from.
        for frame in before[self._nearest(before)[0] + _STRETCH :: _STRETCH].tolist():
            if frame != MISSING:
                with suppress(MomentError):
                    self.state_at(int(np.searchsorted(self.timeline.first_frames, frame, "right")) - 1)
        begin, state = self._nearest(before)
        kept = [count for count in range(_KEPT_EVERY, len(path), _KEPT_EVERY) if count > begin and path[count - 1] >= 0]
        wanted = sorted({*kept, len(path)})
        shown = range(max(begin, len(path) - frames + 1), len(path) + 1)
        played = self._console.play(
            self._start if state is None else state,
            buttons[begin:],
            images=[count - begin for count in shown],
            states=[count - begin for count in wanted],
        )
        self.forwarded += len(path) - begin
        self._require_same(place, [np.frombuffer(image, np.uint32) for image in played.images])
        for count, found in zip(wanted, played.states, strict=True):
            self._states[int(path[count - 1])] = found
            self._cache.save(int(path[count - 1]), found)
        return self._states[last]

    def play(
        self,
        state: bytes,
        pressed: list[int],
        images: Sequence[int],
        writes: list[tuple[int, bytes]] | None = None,
    ) -> list[U8]:
        """Play from a savestate.

        Args:
            state: the savestate.
            pressed: buttons held in each frame, bit sets in the order of `GBA.buttons`.
            images: numbers of frames after which memory is wanted, 0 for before the first, ascending.
            writes: positions in memory images and what is written there before.

        Returns:
            Memory images.

        Raises:
            CoreError: the core crashed or stood still.
        """
        placed = [(self.history.address_of(position), data) for position, data in writes or ()]
        played: Played = self._console.play(state, pressed, images=list(images), writes=placed)
        self.frames += len(pressed)
        return [np.frombuffer(image, np.uint8) for image in played.images]

    def play_on(self, state: bytes, pressed: list[int]) -> tuple[list[U32], bytes]:
        """Play from a savestate, and keep where that leads.

        Args:
            state: the savestate.
            pressed: buttons held in each frame.

        Returns:
            Memory as words, before the first frame and after each, and a savestate of the end.

        Raises:
            CoreError: the core crashed or stood still.
        """
        count = len(pressed)
        played = self._console.play(state, pressed, images=list(range(count + 1)), states=[count])
        self.frames += count
        return [np.frombuffer(image, np.uint32) for image in played.images], played.states[0]

    def recorded_buttons(self, place: int, frames: int) -> list[int]:
        """Return the buttons held in the frames after a set, up to a break."""
        first = int(self.timeline.first_frames[place + 1])
        numbers = self.timeline.frames[first - 1 : first + frames].astype(np.int64)
        broken = np.flatnonzero(np.diff(numbers) != 1)
        count = int(broken[0]) if len(broken) else len(numbers) - 1
        return list(self._paths.buttons(np.arange(first, first + count)))

    def _nearest(self, path: I64) -> tuple[int, bytes | None]:
        """Find the last savestate on a path: the number of frames up to it, and the state."""
        known = np.array(sorted({*self._states, *self._cache.frames()}), np.int64)
        for count in np.flatnonzero(np.isin(path, known))[::-1] + 1:
            frame = int(path[count - 1])
            state = self._states.get(frame) or self._cache.load(frame)
            if state is not None:
                return int(count), state
        return 0, None

    def _require_same(self, place: int, images: list[U32]) -> None:
        """Compare memory with the recording: a chunk is scanned at one of the frames of its set.

        Raises:
            MomentError: too much differs.
        """
        values, known = self.history.words_at(self.timeline.end_of(place))
        known = known & self._changing
        same = np.zeros(len(values), np.bool_)
        for image in images:
            same |= image == values
        wrong, count = int((known & ~same).sum()), int(known.sum())
        if wrong > _WRONG * count:
            number = int(self.timeline.numbers[place])
            raise MomentError(
                f"Played again up to frame set {number}, the game has other memory than was recorded ({wrong:,} of "
                f"{count:,} words): it was begun with a saved game, with cheats, or in another core. "
                "Choose an earlier moment."
            )


def _changing_words(history: History) -> Bools:
    """Return which words ever changed: others say little."""
    found = np.zeros(history.words, np.bool_)
    for part in history.parts:
        if len(part):
            found[part.words] |= (np.bitwise_or.reduceat(part.changed, part.pointer[:-1]) & OWN) != 0
    return found
