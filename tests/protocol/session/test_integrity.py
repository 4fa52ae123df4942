"""Lines of a session's integrity log: checksums and proofs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import DocumentError
from protocol.session.integrity import (
    ImageChecksum,
    ProofRecord,
    SetChecksum,
    checksum,
    checksum_line,
    parse_checksum_line,
    parse_proof_line,
    proof_line,
)

number = st.integers(0, 1 << 53)
digest = st.text("0123456789ABCDEF", min_size=64, max_size=64)
name = st.text("abc_", min_size=1, max_size=8)

SET = SetChecksum(3, "A" * 64, "", ("it has 4 of 5 frames",), (("iwram", 2),))
PROOF = ProofRecord(3, 1005, "ewram", 1, "B" * 64)


@given(
    st.builds(
        SetChecksum,
        frame_set_id=number,
        event=digest,
        png=digest | st.just(""),
        flaws=st.lists(st.text()).map(tuple),
        rebaselined=st.lists(st.tuples(name, number)).map(tuple),
    )
    | st.builds(ImageChecksum, number, digest)
)
def test_a_line_of_checksums_is_read_as_it_was_written(line: SetChecksum | ImageChecksum) -> None:
    written = checksum_line(line)
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    assert parse_checksum_line(written) == line


@given(st.builds(ProofRecord, number, number, name, number, digest))
def test_a_proof_is_read_as_it_was_written(proof: ProofRecord) -> None:
    written = proof_line(proof)
    assert written.count(b"\n") == 1
    assert parse_proof_line(written) == proof


def test_a_set_says_what_its_files_hash_to_and_what_cannot_be_read_from_them() -> None:
    assert json.loads(checksum_line(SET)) == {
        "frame_set_id": 3,
        "event": "A" * 64,
        "png": "",
        "flaws": ["it has 4 of 5 frames"],
        "sighted": [["iwram", 2]],
    }


def test_hashes_are_those_of_the_link() -> None:
    assert checksum(b"") == "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"


@pytest.mark.parametrize("cut", [1, 10, len(checksum_line(SET)) - 2])
def test_half_a_line_is_none(cut: int) -> None:
    with pytest.raises(DocumentError, match="not JSON"):
        parse_checksum_line(checksum_line(SET)[:cut])
    with pytest.raises(DocumentError, match="not JSON"):
        parse_proof_line(proof_line(PROOF)[: min(cut, len(proof_line(PROOF)) - 2)])


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"7",
        b"{}",
        b'{"frame_set_id": 1}',
        b'{"frame_set_id": "x", "memory": ""}',
        b'{"frame_set_id": 1, "event": "", "png": "", "flaws": 7, "sighted": []}',
        b'{"frame_set_id": 1, "event": "", "png": "", "flaws": [], "sighted": [7]}',
        b'{"frame_set_id": 1, "event": "", "png": "", "flaws": [], "sighted": [["iwram"]]}',
    ],
)
def test_what_is_no_line_is_said(line: bytes) -> None:
    with pytest.raises(DocumentError):
        parse_checksum_line(line)
    with pytest.raises(DocumentError):
        parse_proof_line(line)
