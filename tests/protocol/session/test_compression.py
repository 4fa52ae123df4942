import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import DocumentError
from protocol.session.compression import pack_state, unpack_state


@given(st.binary())
def test_a_savestate_comes_back(state: bytes) -> None:
    assert unpack_state(pack_state(state)) == state


@pytest.mark.parametrize("data", [b"", b"no zstandard", pack_state(b"a state" * 100)[:-5]])
def test_what_is_no_savestate_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="it cannot be unpacked"):
        unpack_state(data)


def test_what_is_larger_than_any_savestate_is_refused() -> None:
    with pytest.raises(DocumentError, match="it is larger than any savestate"):
        unpack_state(pack_state(bytes(17 << 20)))
