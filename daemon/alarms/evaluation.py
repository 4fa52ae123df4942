"""Alarms of a session, evaluated for each stored frame set. Pure.

Only chunks with a watched word are looked at, and in them only words that changed: a frame set costs microseconds. A
change carries the value before, so that nothing but the words of a value that lies in two has to be remembered; those
are given once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from daemon.analysis.alarm_rules import AlarmRule
from daemon.analysis.value_types import Number, ValueType
from protocol.changes import U32
from protocol.regions import WORD_BYTES, Region
from protocol.session.frame_set import FrameSet, ScanChanges
from protocol.session.integrity import ChunkName

__all__ = ["PAUSE_FRAMES", "Alarm", "Alarms", "Fired"]

PAUSE_FRAMES = 60
"""Frames for which an alarm that has fired does not fire again: about a second. A timer would else fill the journal."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Alarm of a named address.

    Args:
        name: of the address.
        address: on the bus, of the value's first byte.
        rule: condition and action.
    """

    name: str
    address: int
    rule: AlarmRule

    @property
    def type(self) -> ValueType:
        """The value's type."""
        return self.rule.condition.type

    @property
    def title(self) -> str:
        """The alarm in a few words: `hp < 5`."""
        return f"{self.name} {self.rule.condition}"


@dataclass(frozen=True, slots=True)
class Fired:
    """Alarm that fired.

    Args:
        alarm: which one.
        number: of the frame set.
        frame: the frame at which the change was seen.
        before: the value before.
        now: the value that made the condition true.
    """

    alarm: Alarm
    number: int
    frame: int
    before: Number
    now: Number

    @property
    def details(self) -> dict[str, str | int]:
        """Details of the event of a fired alarm."""
        values = {"before": self.before, "value": self.now}
        shown = {
            key: value if isinstance(value, int) else self.alarm.type.format(value) for key, value in values.items()
        }
        return {"alarm": self.alarm.title, "name": self.alarm.name, "address": self.alarm.address, **shown}


@dataclass(slots=True, eq=False)
class _Watch:
    """Alarm with the words that it reads: one, or two where the value does not lie in one."""

    alarm: Alarm
    words: tuple[int, ...]
    latest: dict[int, bytes] = field(default_factory=dict)
    fired: int | None = None

    def changed(self, changes: Mapping[int, tuple[bytes, bytes]]) -> tuple[Number, Number] | None:
        """Take the changes of one scan; return both values where they are known and differ."""
        before = self._read(changes, 0)
        now = self._read(changes, 1)
        if len(self.words) > 1:
            self.latest.update({word: pair[1] for word, pair in changes.items() if word in self.words})
        return None if before is None or now is None or before == now else (before, now)

    def forget(self, words: Iterable[int]) -> None:
        for word in words:
            self.latest.pop(word, None)

    def _read(self, changes: Mapping[int, tuple[bytes, bytes]], which: int) -> Number | None:
        data = b""
        for word in self.words:
            piece = changes[word][which] if word in changes else self.latest.get(word)
            if piece is None:
                return None
            data += piece
        start = self.alarm.address - self.words[0]
        return self.alarm.type.read(data[start : start + self.alarm.type.width])


class Alarms:
    """Alarms of one session.

    Args:
        alarms: those that are evaluated; one whose address is not recorded never fires.
        regions: the session's.
    """

    def __init__(self, alarms: Sequence[Alarm] = (), regions: Sequence[Region] = ()) -> None:
        self.alarms = tuple(alarms)
        self._regions = {region.name: region for region in regions}
        self._watches: dict[ChunkName, list[_Watch]] = {}
        self._words: dict[ChunkName, U32] = {}
        self._pairs: list[_Watch] = []
        for alarm in alarms:
            self._add(_Watch(alarm, _words_of(alarm)))

    @property
    def lacking(self) -> set[int]:
        """Words of values that lie in two, by address, of which nothing is known yet."""
        return {word for watch in self._pairs for word in watch.words if word not in watch.latest}

    def observe(
        self,
        frame_set: FrameSet,
        rebaselined: Sequence[ChunkName] = (),
        words: Mapping[int, bytes] = MappingProxyType({}),
    ) -> Iterator[Fired]:
        """Evaluate a frame set that is stored.

        Args:
            frame_set: the frame set.
            rebaselined: chunks that were seen for the first time or anew in it: their values moved without a change.
            words: some of those that were `lacking`, by address, as they were after it.
        """
        if not self._watches:
            return
        moved = {word for name in rebaselined if name in self._words for word in self._words[name].tolist()}
        for watch in self._pairs:
            watch.forget(moved)
        if words:
            before = _before(frame_set, words)
            self._learn({word: value for word, value in before.items() if word not in moved})
        for scan in frame_set.changes:
            watched = self._words.get((scan.region, scan.chunk))
            if watched is not None and (changes := _changes(scan, watched)):
                for watch in self._watches[scan.region, scan.chunk]:
                    yield from self._evaluate(watch, changes, frame_set.frame_set_id, scan.frame)
        if moved and words:
            self._learn({word: value for word, value in words.items() if word in moved})

    def _learn(self, words: Mapping[int, bytes]) -> None:
        for watch in self._pairs:
            for word in watch.words:
                if word in words:
                    watch.latest.setdefault(word, words[word])

    def _evaluate(
        self, watch: _Watch, changes: Mapping[int, tuple[bytes, bytes]], number: int, frame: int
    ) -> Iterator[Fired]:
        moved = watch.changed(changes)
        if moved is None or not watch.alarm.rule.condition.comes_true(*moved):
            return
        if watch.fired is None or not 0 <= frame - watch.fired < PAUSE_FRAMES:
            watch.fired = frame
            yield Fired(watch.alarm, number, frame, *moved)

    def _add(self, watch: _Watch) -> None:
        if len(watch.words) > 1:
            self._pairs.append(watch)
        for word in watch.words:
            for region in self._regions.values():
                chunk = region.chunk_of(word)
                if chunk is not None:
                    self._watch_word(watch, (region.name, chunk), word)

    def _watch_word(self, watch: _Watch, name: ChunkName, word: int) -> None:
        watches = self._watches.setdefault(name, [])
        if watch not in watches:
            watches.append(watch)
        known = self._words.get(name, np.empty(0, np.uint32))
        self._words[name] = np.union1d(known, np.array([word], np.uint32))


def _words_of(alarm: Alarm) -> tuple[int, ...]:
    first = alarm.address // WORD_BYTES * WORD_BYTES
    return tuple(range(first, alarm.address + alarm.type.width, WORD_BYTES))


def _before(frame_set: FrameSet, words: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return words as they were before a frame set, by what they were after it."""
    found = dict(words)
    wanted = np.array(sorted(words), np.uint32)
    for scan in reversed(frame_set.changes):
        found.update({word: previous for word, (previous, _) in _changes(scan, wanted).items()})
    return found


def _changes(scan: ScanChanges, watched: U32) -> dict[int, tuple[bytes, bytes]]:
    """Find the watched words among the changes of a scan: value before and now, by address."""
    places = np.searchsorted(scan.addresses, watched)
    places[places == len(scan.addresses)] = 0
    found = np.flatnonzero(scan.addresses[places] == watched)
    return {
        int(watched[index]): (
            int(scan.previous[places[index]]).to_bytes(WORD_BYTES, "little"),
            int(scan.current[places[index]]).to_bytes(WORD_BYTES, "little"),
        )
        for index in found.tolist()
    }
