"""Lines that follow from each other."""

import json

from hypothesis import given
from hypothesis import strategies as st

from protocol.session.hash_chain import NO_LINK, HashChain, chained, link_of, unchained

BODIES = st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9), min_size=1), min_size=1)


def journal(documents: list[dict[str, object]]) -> list[bytes]:
    lines, link = [], NO_LINK
    for document in documents:
        line, link = chained(json.dumps(document).encode() + b"\n", link)
        lines.append(line[:-1])
    return lines


def follows(lines: list[bytes]) -> bool:
    chain = HashChain()
    return [line for line in lines if not chain.follow(line)] == []


@given(BODIES)
def test_what_was_linked_follows_and_is_read_as_before(documents: list[dict[str, object]]) -> None:
    lines = journal(documents)
    assert follows(lines)
    assert [json.loads(unchained(line)) for line in lines] == documents
    assert [{**document, "chain": link_of(line)} for document, line in zip(documents, lines, strict=True)] == [
        json.loads(line) for line in lines
    ]


@given(BODIES, st.data())
def test_a_line_that_was_changed_does_not(documents: list[dict[str, object]], data: st.DataObject) -> None:
    lines = journal(documents)
    at = data.draw(st.integers(0, len(lines) - 1))
    where = data.draw(st.integers(0, len(lines[at]) - 1))
    changed = bytearray(lines[at])
    changed[where] ^= data.draw(st.integers(1, 255))
    others = [*lines[:at], bytes(changed), *lines[at + 1 :]]
    chain = HashChain()
    misfits = [line for line in others if not chain.follow(line)]
    assert misfits or chain.link != link_of(lines[-1])


def test_a_line_that_is_missing_shows_in_the_next_one() -> None:
    one, two, three = journal([{"n": 1}, {"n": 2}, {"n": 3}])
    assert not follows([one, three])
    assert not follows([two, three])
    assert not follows([one, one, two, three])
    assert not follows([one, two, three, b'{"n": 4}'])


def test_lines_without_links_are_what_early_versions_wrote() -> None:
    assert follows([b'{"n":1}', b'{"n":2}'])
