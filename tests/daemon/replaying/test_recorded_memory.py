"""Memory after each frame set, from the log of changes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.analysis.session_history import open_history
from daemon.replaying.recorded_memory import RecordedMemory
from daemon.replaying.replayed_memory import ReplayedMemory
from daemon.replaying.result import DifferentWord, Parting, Replay
from protocol.errors import CoreError
from protocol.regions import Region, ScanMode
from protocol.session.change_log_reader import logged_blocks
from protocol.session.reader import stored_session
from tests.daemon.exporting.recordings import record


def test_it_is_what_the_index_has(tmp_path: Path) -> None:
    record(tmp_path, "run")
    history = open_history(tmp_path, "run").now.history
    memory = RecordedMemory(history.words, logged_blocks(stored_session(tmp_path, "run")))
    for number in range(40):
        memory.advance()
        if number % 13 == 0:
            image = history.memory_at(number)
            assert np.array_equal(memory.known.view(np.uint8) != 0, image.known)
            assert np.array_equal((memory.values & memory.known).view(np.uint8), image.image)
    with pytest.raises(StopIteration):
        memory.advance()


def test_a_chunk_is_scanned_at_its_frame_of_the_set() -> None:
    regions = (Region("iwram", 0x0300_0000, 40, 5), Region("ewram", 0x0200_0010, 20, 5))
    memories = {"IWRAM": memoryview(bytearray(0x8000)), "EWRAM": memoryview(bytearray(0x4_0000))}
    replayed = ReplayedMemory(regions, ScanMode.CHUNKED, 5)
    replayed.connect(memories)
    memories["IWRAM"][8] = 1
    memories["EWRAM"][0x14] = 2
    replayed.scan(0)
    assert not replayed.words.any()
    replayed.scan(1)
    assert np.flatnonzero(replayed.words).tolist() == [2, 11]
    assert [replayed.address_of(2), replayed.address_of(11)] == [0x0300_0008, 0x0200_0014]
    assert [replayed.position_of(2), replayed.position_of(11), replayed.position_of(14)] == [1, 1, 4]
    assert replayed.sha256("iwram", 1) != replayed.sha256("iwram", 2) == replayed.sha256("iwram", 3)
    assert replayed.sha256("vram", 0) == replayed.sha256("iwram", 9) == ""


def test_a_region_that_the_console_does_not_have_is_refused() -> None:
    with pytest.raises(CoreError, match="the region io"):
        ReplayedMemory([Region("io", 0x0400_0000, 40, 5)], ScanMode.FULL, 5)


def test_one_line_says_what_came_of_it() -> None:
    facts: dict[str, Any] = {
        "session": "s",
        "core": "mGBA",
        "frames": 10,
        "proofs": 1,
        "words": 4,
        "unknown_words": 0,
        "seconds": 0.5,
    }
    equal = Replay(frame_sets=2, compared=2, equal=2, parting=None, **facts)
    assert equal.sentence() == (
        "s plays as it was recorded: 2 frame sets and 1 proof equal, 10 frames on mGBA in 0.5 s."
    )
    word = DifferentWord(0x0300_0010, "hp", 7, 5)
    parted = Replay(frame_sets=2, compared=2, equal=1, parting=Parting(1, 8, 3, (word,)), **facts)
    assert parted.sentence() == (
        "s parts from its recording in frame set 1 (frame 8): hp (03000010) differs, 00000005 instead of 00000007, "
        "and so do 2 other words; 1 of 2 frame sets are equal, 10 frames on mGBA in 0.5 s."
    )
    unknown = Replay(frame_sets=2, compared=2, equal=2, parting=None, **{**facts, "unknown_words": 4})
    assert not unknown.is_proven
    nothing = Replay(frame_sets=0, compared=0, equal=0, parting=None, **facts)
    assert not nothing.is_proven
