"""Statistics of a session, counted frame set by frame set. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.console import GBA
from protocol.session.annotations import FIELD_NAMES, Annotations
from protocol.session.frame_set import FrameSet

__all__ = ["SessionStatistics", "SetCounts"]

_LABEL_FIELDS = tuple(name for name in FIELD_NAMES if name not in {"description", "complete"})
_MS_PER_MINUTE = 60_000
_LONGEST_PAUSE = 5_000
"""ms between two frame sets that still count as play; more is a pause of the emulator."""


@dataclass(frozen=True, slots=True)
class SetCounts:
    """Counts of one frame set.

    Args:
        frame_set_id: its number.
        time: of its last frame, ms since the epoch; None where it is unknown.
        frames: how many.
        idle_frames: those at which no button was held.
        held: frames by button that was held.
        flawed: whether it is not whole.
        changes: memory changes by region.
    """

    frame_set_id: int
    time: int | None
    frames: int
    idle_frames: int
    held: Mapping[str, int]
    flawed: bool
    changes: Mapping[str, int]

    @classmethod
    def of(cls, frame_set: FrameSet) -> "SetCounts":
        """Count a frame set."""
        held: Counter[str] = Counter()
        for frame in frame_set.frames:
            held.update(filter(None, frame.current_keys.split("+")))
        return cls(
            frame_set_id=frame_set.frame_set_id,
            time=frame_set.frames[-1].timestamp,
            frames=len(frame_set.frames),
            idle_frames=sum(not frame.current_keys for frame in frame_set.frames),
            held=held,
            flawed=not frame_set.whole,
            changes=frame_set.change_counts(),
        )


@dataclass(slots=True)
class SessionStatistics:
    """Counts of one session, to be filled with `add`, frame sets ascending.

    Args:
        frame_sets: how many.
        frames: how many in them.
        idle_frames: those at which no button was held.
        flawed: frame sets that are not whole.
        labelled: frame sets with any label.
        complete: frame sets whose labels are marked complete.
        labels: frame sets by value, for each label field.
        changes: memory changes by region.
        held: frames by button that was held.
    """

    frame_sets: int = 0
    frames: int = 0
    idle_frames: int = 0
    flawed: int = 0
    labelled: int = 0
    complete: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _LABEL_FIELDS})
    changes: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    _played: int = 0
    _last_time: int | None = None

    def add(self, counts: SetCounts, labels: Annotations | None) -> None:
        """Count a frame set."""
        self.frame_sets += 1
        self.frames += counts.frames
        self.idle_frames += counts.idle_frames
        self.flawed += counts.flawed
        self.changes.update(counts.changes)
        self.held.update(counts.held)
        if counts.time is not None:
            self._pass_time(counts.time)
        if labels is not None:
            self._label(labels)

    @property
    def idle_share(self) -> float:
        """Share of the frames at which no button was held, 0 to 1."""
        return self.idle_frames / self.frames if self.frames else 0.0

    @property
    def minutes(self) -> float:
        """Minutes of play by the game's clock: frames at the console's own speed."""
        return self.frames / GBA.frames_per_second / 60

    @property
    def sets_per_minute(self) -> float:
        """Frame sets per minute of real time, without pauses; 0 where no time lies between them."""
        return (self.frame_sets - 1) * _MS_PER_MINUTE / self._played if self._played else 0.0

    def _pass_time(self, now: int) -> None:
        if self._last_time is not None and 0 < now - self._last_time <= _LONGEST_PAUSE:
            self._played += now - self._last_time
        self._last_time = now

    def _label(self, labels: Annotations) -> None:
        self.labelled += labels != Annotations()
        self.complete += labels.complete
        for name in _LABEL_FIELDS:
            value = getattr(labels, name)
            self.labels[name].update(filter(None, value if isinstance(value, tuple) else (value,)))
