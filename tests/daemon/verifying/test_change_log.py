"""The log of changes held against the frame sets: the same to the bit, damaged, cut off, or about something else."""

from collections.abc import Sequence

import numpy as np
import pytest

from daemon.verifying.change_log import ChangeLogJudge
from daemon.verifying.report import Grade, Report
from protocol.regions import Region
from protocol.session.change_log import block_checksum, pack_block, set_check
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges

REGIONS = [Region("iwram", 0x0300_0000, 40, 5)]
IMAGE = bytes(40)
AGAIN = "; nothing is lost, for it can be made again from the frame sets' folders, which are read in its place."

Sets = Sequence[FrameSet | None]


def frame_set(number: int, current: int = 1, keys: str = "A") -> FrameSet:
    """A set in which the first word changes."""
    address, previous, now = (np.array([value], np.uint32) for value in (0x0300_0000, number, current))
    changes = ScanChanges("iwram", 0, number, address, previous, now, np.ones(1, np.uint16))
    return FrameSet(number, (FrameRecord(number, 1000 + number, 0, keys, ()),), (changes,), (), b"")


SETS = [frame_set(number, number + 1) for number in range(6)]


def sha256(number: int) -> str:
    """A hash of an `event.json`, not the same for two sets."""
    return f"{number + 1:064X}"


def made(sets: Sequence[FrameSet], size: int = 2) -> list[bytes]:
    """The blocks of a log, each of so many sets; an image follows the first set."""
    builder, blocks, after = LogBuilder(REGIONS), [], b""
    for each in sets:
        if len(builder) == size:
            blocks.append(builder.take())
        builder.add(each, (), set_check(sha256(each.frame_set_id)))
        if each.frame_set_id == 0:
            builder.image(0, IMAGE[:-4] + b"\1\0\0\0")
    packed = []
    for block in (*blocks, builder.take()):
        assert block is not None
        packed.append(pack_block(block, after))
        after = block_checksum(packed[-1])
    return packed


LOG = made(SETS)
SEAL = block_checksum(LOG[-1]).hex()


def judged(log: bytes | None, sets: Sets = SETS, sealed: str = SEAL, is_open: bool = False) -> Report:
    report = Report("evening")
    judge = ChangeLogJudge("changes.log", log, REGIONS, sealed, report, is_open=is_open)
    for number, each in enumerate(sets):
        judge.frame_set(number, each, (), sha256(number))
        if number == 0:
            judge.image(0, IMAGE[:-4] + b"\1\0\0\0")
    judge.finish()
    return report


def found(report: Report) -> list[str]:
    return [str(finding) for finding in report.findings]


def test_a_log_that_is_what_the_folders_come_to_is_sound() -> None:
    assert found(judged(b"".join(LOG))) == []


def test_a_session_without_a_log_is_sound_where_none_was_sealed() -> None:
    assert found(judged(None, sealed="")) == []
    assert found(judged(None)) == [f"changes.log is missing{AGAIN}"]


@pytest.mark.parametrize("at", range(0, sum(map(len, LOG)), 7))
def test_a_byte_that_was_changed_is_damage(at: int) -> None:
    log = bytearray(b"".join(LOG))
    log[at] ^= 4
    report = judged(bytes(log))
    assert report.grade is Grade.DAMAGED
    assert "is damaged, so that" in found(report)[0]


def test_the_end_of_a_log_that_is_missing_is_seen_by_the_seal() -> None:
    assert found(judged(b"".join(LOG[:-1]))) == [
        f"changes.log has not all of its blocks, or others than when it was written{AGAIN}"
    ]


@pytest.mark.parametrize("length", [1, 20, 40])
def test_the_end_that_a_crash_cut_off_is_a_flaw_of_an_open_session(length: int) -> None:
    log = b"".join(LOG[:-1]) + LOG[-1][:length]
    (finding,) = judged(log, sealed="", is_open=True).findings
    assert finding.grade is Grade.FLAWED
    assert "the next start of gbatrace cuts it off" in str(finding)
    assert judged(log, sealed="", is_open=False).grade is Grade.DAMAGED


@pytest.mark.parametrize("other", [frame_set(3, 9), frame_set(3, 4, keys="B")])
def test_a_set_that_is_otherwise_than_its_folder_is_named(other: FrameSet) -> None:
    log = b"".join(made([*SETS[:3], other, *SETS[4:]]))
    first, *rest = found(judged(log, sealed=""))
    assert first == f"changes.log has frame set 3 otherwise than its folder{AGAIN}"
    assert len(rest) <= 1


def test_a_word_that_the_log_restates_otherwise_is_seen() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(SETS[0], (), set_check(sha256(0)))
    builder.image(0, IMAGE[:-4] + b"\2\0\0\0")
    block = builder.take()
    assert block is not None
    assert "frame set 0 otherwise" in found(judged(pack_block(block), sealed=""))[0]


def test_a_set_that_the_log_lacks_is_named() -> None:
    log = b"".join(made([each for each in SETS if each.frame_set_id != 3]))
    assert f"changes.log lacks frame set 3{AGAIN}" in found(judged(log, sealed=""))


@pytest.mark.parametrize("number", range(6))
def test_a_block_about_a_damaged_set_is_not_compared(number: int) -> None:
    assert found(judged(b"".join(LOG), [None if place == number else each for place, each in enumerate(SETS)])) == []


def test_a_log_that_ends_before_the_frame_sets_do_is_sound() -> None:
    report = judged(LOG[0], sealed=block_checksum(LOG[0]).hex())
    assert (report.grade, found(report)) == (Grade.WHOLE, [])
    assert report.notes == ["changes.log does not have the last 4 frame sets; searches read their folders."]
    assert judged(LOG[0], sealed="", is_open=True).notes == []
    assert judged(b"".join(LOG)).notes == []


def test_a_log_that_is_longer_than_the_frame_sets_waits_for_what_others_say() -> None:
    assert found(judged(b"".join(LOG), SETS[:3])) == []


def test_without_regions_only_the_checksums_are_judged() -> None:
    report = Report("evening")
    judge = ChangeLogJudge("changes.log", b"".join(LOG), [], SEAL, report, is_open=False)
    judge.frame_set(0, frame_set(0, 77), (), sha256(0))
    judge.image(0, None)
    judge.finish()
    assert found(report) == []
