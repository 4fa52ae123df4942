"""Memory of a session in the daemon: it does not grow, and has a limit at worst."""

import gc
import tracemalloc
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

from daemon.recording.assembler import MAX_SET_CHANGES
from daemon.recording.effects import Greeted, Reported
from daemon.recording.recorder import MAX_WAITING_CHANGES
from daemon.recording.session import Session
from daemon.recording.session_state import SessionIdentity
from daemon.writer.jobs import Open, WriteSet
from protocol.errors import MessageError
from protocol.link.connection import Screenshot
from protocol.link.framing import MAX_PAYLOAD
from protocol.link.messages import Frame, Keyframe, SetEnd
from protocol.regions import Region, ScanMode
from tests.fakes.changes import pack_changes
from tests.fakes.game import NOW, greeting
from tests.fakes.screenshots import png
from tests.integration.long_play import SETS_A_SECOND, LongPlay, first_sight, hello

WARM = 1_500
"""Frame sets after which every window, ring and cache is full."""

LONG = 5 * 60 * SETS_A_SECOND
"""Frame sets of five minutes."""

MOST = 6 * LONG
"""Bytes by which that may grow what is kept: less than one reference for each set."""

SESSION_LIMIT = 320 << 20
"""Bytes that a session may keep at the very worst; a game takes a hundredth of it. SECURITY.md says so."""


def hear(session: Session, messages: Iterable[Any]) -> None:
    for message in messages:
        for effect in session.receive(message, NOW):
            if isinstance(effect, WriteSet | Open):
                hear(session, [Reported(effect)])


def play_long() -> tuple[int, int, int]:
    """Play, and return frame sets, and by how many bytes what is kept grew and peaked after the first minutes."""
    identity = SessionIdentity("run", "c0ffee", NOW, "Tiny", "", is_custom_name=False)
    session, play = Session(identity, hello()), LongPlay()
    hear(session, [Greeted(), *first_sight()])
    tracemalloc.start()
    for number in range(WARM):
        hear(session, play.frame_set(number))
    gc.collect()
    warm, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    for number in range(WARM, WARM + LONG):
        hear(session, play.frame_set(number))
    gc.collect()
    after, peak = tracemalloc.get_traced_memory()
    return session.metadata().total_frame_sets, after - warm, peak - warm


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_long_play_takes_no_more_memory_than_its_first_minutes() -> None:
    # In a process of its own: the caches of other tests would be measured as well.
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        frame_sets, growth, peak = process.submit(play_long).result()
    assert frame_sets == WARM + LONG
    assert growth < MOST, f"{growth} bytes more"
    assert peak < 16 << 20


class Glutton:
    """An emulator that sends as much as it may, to a daemon whose disk is slow."""

    WORDS = 1 << 18
    FRAMES = MAX_SET_CHANGES // WORDS

    def __init__(self) -> None:
        region = Region("all", 0x0200_0000, 4 * self.WORDS, self.FRAMES + 1)
        self.hello = replace(greeting(), regions=(region,), frames_per_set=self.FRAMES + 1, scan_mode=ScanMode.FULL)
        self.session = Session(SessionIdentity("run", "c0ffee", NOW, "Tiny", "", is_custom_name=False), self.hello)
        hear(self.session, [Greeted()])
        for number, chunk in enumerate(region.chunks):
            self.hear(Keyframe(0, number, bytes(4 * chunk.words)))
        self.frame, self.waiting = 0, []  # type: int, list[WriteSet]

    def hear(self, *messages: Any) -> None:
        for message in messages:
            for effect in self.session.receive(message, NOW):
                if isinstance(effect, WriteSet):
                    self.waiting.append(effect)

    def stuff(self, number: int, positions: Iterable[int]) -> None:
        """Say frames in which every word changes."""
        region = self.hello.regions[0]
        for position in positions:
            self.frame += 1
            changes = [
                pack_changes(
                    *(0, index, chunk, np.arange(chunk.first_word, chunk.end_word)),
                    np.full(chunk.words, self.frame, np.uint32),
                )
                for index, chunk in enumerate(region.chunks)
            ]
            self.hear(Frame(number, position, self.frame, NOW, 0, 0, tuple(changes)))

    def say_set(self, number: int) -> None:
        self.stuff(number, range(self.FRAMES))
        self.hear(SetEnd(number, "reset", screenshot=True), Screenshot(png(number) + bytes(MAX_PAYLOAD - 1000)))

    def store(self) -> None:
        """The disk takes what waits."""
        hear(self.session, map(Reported, self.waiting))
        self.waiting.clear()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whatever_an_emulator_says_a_session_keeps_no_more_than_its_limit() -> None:
    tracemalloc.start()
    try:
        glutton = Glutton()
        for number in range(8):
            glutton.say_set(number)
            glutton.store()
        number = 8
        while glutton.session.waiting_changes <= MAX_WAITING_CHANGES:
            glutton.say_set(number)
            number += 1
        glutton.stuff(number, range(glutton.FRAMES))
        with pytest.raises(MessageError, match="more than 2,097,152 changes"):
            glutton.stuff(number, [glutton.FRAMES])
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert SESSION_LIMIT / 4 < kept < SESSION_LIMIT, f"{kept >> 20} MiB"
