"""The scanner of a console's memory: keyframes, changes and proofs of each frame."""

from hashlib import sha256

from daemon.headless.scanner import FRAMES_PER_SET, PROOF_INTERVAL, REGIONS, Scanner
from protocol.console import GBA
from protocol.link.messages import ChunkChanges, Frame, Keyframe, Proof


def memories() -> dict[str, memoryview]:
    return {region.domain: memoryview(bytearray(region.size)) for region in GBA.regions}


def messages(scanner: Scanner, number: int, position: int) -> list[Keyframe | Frame | Proof]:
    return list(scanner.scan(number, position, frame=1, time=0, pc=0, buttons=0))


def test_the_first_sight_of_a_chunk_is_a_keyframe_before_its_frame() -> None:
    scanner = Scanner(memories())
    for position in range(FRAMES_PER_SET):
        first, second, frame = messages(scanner, 1, position)
        assert isinstance(first, Keyframe)
        assert isinstance(second, Keyframe)
        assert isinstance(frame, Frame)
        assert [(each.region, each.chunk) for each in (first, second)] == [(0, position), (1, position)]
        assert not frame.changes
    assert len(messages(scanner, 2, 0)) == 1


def test_changes_are_columns_of_the_chunk_that_is_due() -> None:
    memory = memories()
    scanner = Scanner(memory)
    for position in range(FRAMES_PER_SET):
        messages(scanner, 1, position)
    chunk = REGIONS[0].chunks[1]
    memory["IWRAM"][4 * chunk.first_word + 8] = 7
    memory["IWRAM"][4 * chunk.first_word + 21] = 1
    assert messages(scanner, 2, 0) == [Frame(2, 0, 1, 0, 0, 0, ())]
    changes = ChunkChanges(0, 1, b"\x02\0\x03\0", b"\x07\0\0\0\0\x01\0\0", b"")
    assert messages(scanner, 2, 1) == [Frame(2, 1, 1, 0, 0, 0, (changes,))]
    assert messages(scanner, 3, 1) == [Frame(3, 1, 1, 0, 0, 0, ())]


def test_each_chunk_is_proven_in_its_turn() -> None:
    memory = memories()
    memory["EWRAM"][0] = 9
    scanner = Scanner(memory)
    proofs = [
        (number, position, message)
        for number in range(0, PROOF_INTERVAL * 2 + 1, PROOF_INTERVAL)
        for position in range(FRAMES_PER_SET)
        for message in messages(scanner, number, position)
        if isinstance(message, Proof)
    ]
    assert [(number, position, proof.region, proof.chunk) for number, position, proof in proofs] == [
        (0, 0, 0, 0),
        (PROOF_INTERVAL, 0, 1, 0),
        (2 * PROOF_INTERVAL, 1, 0, 1),
    ]
    first = REGIONS[1].chunks[0]
    assert proofs[1][2].sha256 == sha256(memory["EWRAM"][: 4 * first.words]).hexdigest().upper()
