import numpy as np
import pytest

from daemon.verifying.memory import MemoryJudge
from daemon.verifying.report import Report
from protocol.regions import Region
from protocol.session.flaws import MIRROR_DIFFERED
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.integrity import ProofRecord, checksum
from tests.daemon.exporting.recordings import words

BASE = 0x0300_0000
REGION = Region("iwram", BASE, 40, 5)
"""Ten words in five chunks of two."""


def memory(**values: int) -> bytes:
    """All of the region, zero but for the words `w<number>`."""
    told = np.zeros(10, "<u4")
    for name, value in values.items():
        told[int(name[1:])] = value
    return told.tobytes()


def change(word: int, previous: int, current: int, frame: int = 1) -> ScanChanges:
    address = words(BASE + 4 * word)
    return ScanChanges("iwram", word // 2, frame, address, words(previous), words(current), np.ones(1, np.uint16))


def frame_set(number: int, *changes: ScanChanges, flaws: tuple[str, ...] = ()) -> FrameSet:
    return FrameSet(number, (FrameRecord(1, 1, 0, "", ()),), changes, flaws, b"")


def proof(number: int, chunk: int, data: bytes, frame: int = 1) -> ProofRecord:
    return ProofRecord(number, frame, "iwram", chunk, checksum(data[8 * chunk : 8 * chunk + 8]))


class Bench:
    """A judge that knows all of memory, zero throughout, and the report that it fills."""

    def __init__(self, *proofs: ProofRecord) -> None:
        self.report = Report("session")
        self.judge = MemoryJudge([REGION], {item.frame_set_id: [item] for item in proofs}, self.report)
        self.judge.image(0, "memory_0.bin.zst", memory())

    @property
    def found(self) -> list[str]:
        return [str(finding) for finding in self.report.findings]


def test_changes_that_follow_from_each_other_and_lead_to_the_image_are_sound() -> None:
    bench = Bench()
    bench.judge.frame_set(frame_set(1, change(3, 0, 7)), [])
    bench.judge.frame_set(frame_set(2, change(3, 7, 8)), [])
    bench.judge.image(2, "memory_2.bin.zst", memory(w3=8))
    assert (bench.found, bench.report.images) == ([], 2)


def test_a_value_before_that_was_not_there_is_named() -> None:
    bench = Bench()
    bench.judge.frame_set(frame_set(1, change(3, 5, 7)), [])
    told = (
        "1/event.json does not follow from the frame sets before: "
        "iwram 0300000C is 00000005 there and 00000000 by everything before."
    )
    assert bench.found == [told]


def test_an_image_that_changes_do_not_come_to_is_named_and_then_believed() -> None:
    bench = Bench()
    bench.judge.image(1, "memory_1.bin.zst", memory(w0=1))
    assert len(bench.found) == 1
    assert bench.found[0].startswith("memory_1.bin.zst is not what the changes before it come to: iwram 03000000")
    bench.judge.image(2, "memory_2.bin.zst", memory(w0=1))
    assert (len(bench.found), bench.report.images) == (1, 2)


def test_an_image_of_another_size_is_named() -> None:
    bench = Bench()
    bench.judge.image(1, "memory_1.bin.zst", memory()[:-4])
    assert bench.found == ["memory_1.bin.zst cannot be true: it holds 36 bytes of memory, the regions have 40."]


@pytest.mark.parametrize(("value", "agrees"), [(7, True), (9, False)])
def test_a_proof_is_compared_with_what_the_changes_come_to(value: int, agrees: bool) -> None:
    bench = Bench(proof(1, 1, memory(w3=value)))
    bench.judge.frame_set(frame_set(1, change(3, 0, 7)), [])
    told = "1/event.json does not lead to what the emulator proved of chunk 1 of iwram at frame 1."
    assert (bench.report.proofs, bench.found) == ((1, []) if agrees else (0, [told]))


def test_a_proof_speaks_of_its_own_frame() -> None:
    bench = Bench(proof(1, 1, memory(w3=7), frame=1))
    bench.judge.frame_set(frame_set(1, change(3, 0, 7, frame=1), change(3, 7, 8, frame=2)), [])
    assert (bench.report.proofs, bench.found) == (1, [])


def test_what_was_seen_anew_is_not_compared_until_an_image_has_it() -> None:
    bench = Bench(proof(1, 1, memory(w3=7)))
    bench.judge.frame_set(frame_set(1), [("iwram", 1)])
    assert (bench.report.proofs, bench.found) == (0, [])
    bench.judge.image(1, "memory_1.bin.zst", memory(w3=7))
    assert (bench.report.proofs, bench.report.images, bench.found) == (1, 2, [])


def test_a_proof_for_which_no_image_comes_is_counted() -> None:
    bench = Bench(proof(1, 1, memory()))
    bench.judge.invalidate()
    bench.judge.frame_set(frame_set(1), [])
    bench.judge.finish()
    assert (bench.report.proofs, bench.report.unproven, bench.found) == (0, 1, [])


def test_a_set_that_says_its_mirror_differed_is_not_reported_twice() -> None:
    bench = Bench(proof(1, 1, memory(w3=9)))
    bench.judge.frame_set(frame_set(1, flaws=(MIRROR_DIFFERED,)), [])
    assert (bench.report.proofs, bench.found) == (0, [])


def test_a_change_outside_of_memory_is_named() -> None:
    bench = Bench()
    bench.judge.frame_set(frame_set(1, change(10, 0, 1)), [])
    assert bench.found == ["1/event.json cannot be true: an address is not in iwram."]


def test_a_session_that_does_not_say_what_was_scanned_is_not_called_damaged() -> None:
    report = Report("imported")
    MemoryJudge((), {}, report).frame_set(frame_set(0, change(3, 1, 2)), ())
    assert report.findings == []
