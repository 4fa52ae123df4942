"""Names for other tools."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from daemon.names.formats import NAME_FORMATS, read_names, write_names
from daemon.names.named_address import NamedAddress
from protocol.errors import NamesError
from tests.daemon.names.made import name
from webui.api.name_schemas import NAME_FORMATS as DESCRIBED


def test_the_interface_describes_the_forms() -> None:
    assert tuple(NAME_FORMATS) == DESCRIBED


@pytest.mark.parametrize("form", NAME_FORMATS)
def test_the_form_of_a_file_is_seen_by_its_content(form: str) -> None:
    ours = read_names("symbols.json", resources.demo_symbols().read_bytes())
    written = write_names(ours.names, form, "Fernlight")
    again = read_names("again", b"\xef\xbb\xbf" + written.data)
    assert again.notes == ()
    assert [(one.name, one.address, one.type, one.note) for one in again.names] == [
        (one.name, one.address, one.type, one.note) for one in ours.names
    ]
    assert written.named == len(again.names)


def test_an_unknown_form_is_answered_with_those_there_are() -> None:
    with pytest.raises(
        NamesError, match="no format 'csv' for names; there are json, wch, stable-retro, ra-notes, ra-user"
    ):
        write_names([name()], "csv")


def test_nothing_is_not_written() -> None:
    with pytest.raises(NamesError, match="no names to write"):
        write_names([], "wch")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "neither JSON, nor a watch list"),
        (b"some text", "neither JSON, nor a watch list"),
        (b"{", "is not JSON: .* in line 1"),
        (b"{}", "must be a list of names"),
        (b'{"names": [7]}', "no name that can be used. Entry 1: an entry was left out"),
        (b'{"info": {}}', "names no address in IWRAM or EWRAM"),
        (b'{"info": {"x": {"address": 0, "type": "|u1"}}}', "names no address.*00000000 lies neither"),
        (b'N0:0x1:"', "names no address.*Line 1: "),
        (b'<?xml version="1.0"?><CheatTable/>', "perhaps a Cheat Engine table"),
    ],
)
def test_what_is_no_list_is_told(data: bytes, says: str) -> None:
    with pytest.raises(NamesError, match=says):
        read_names("list", data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "names", "address", "type", "info", "gbatrace", "Note", "Address", "values", "count"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.one_of(
        st.binary(max_size=80),
        st.text('\t0bwdS\nEWRAM:N"\\', max_size=80).map(str.encode),
        _JSON.map(lambda document: json.dumps(document).encode()),
    )
)
def test_arbitrary_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        names = read_names("list", data).names
    except NamesError:
        return
    assert all(isinstance(one, NamedAddress) for one in names)
