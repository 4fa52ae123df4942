"""The link takes whatever comes; a short run of what can go on for hours, see `random_link` and `fuzz_link`."""

from pathlib import Path

import pytest

from tests.fuzz.conversation import Counts, converse
from tests.fuzz.make_corpus import CORPUS, inputs
from tests.fuzz.random_link import MOST_GROWTH, WARM_UP, blocks_in_use, run


def test_the_corpus_is_current() -> None:
    assert {path.name: path.read_bytes() for path in CORPUS.iterdir()} == dict(inputs())


@pytest.mark.parametrize("name", ["chunked", "atomic", "full"])
def test_a_whole_conversation_is_taken_in_whole(name: str) -> None:
    counts = Counts()
    converse((CORPUS / f"conversation-{name}").read_bytes(), counts)
    assert (counts.frame_sets, counts.rejected) == (3, 0)


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_any_split_gives_the_same(path: Path) -> None:
    data = path.read_bytes()
    results = []
    for split in range(16):
        counts = Counts()
        converse(bytes([split << 1 | data[0] & 1]) + data[1:], counts)
        results.append(counts)
    assert all(counts == results[0] for counts in results)


def test_damaged_messages_raise_nothing_else_and_leave_no_memory_behind() -> None:
    before, counts, inputs_done = 0, Counts(), 0
    for inputs_done in run(messages=3 * WARM_UP, seed=7, counts=counts):
        if inputs_done == WARM_UP:
            before = blocks_in_use()
    assert inputs_done > WARM_UP
    assert counts.frame_sets > 100
    assert counts.rejected > 1000
    assert blocks_in_use() - before < MOST_GROWTH * before
