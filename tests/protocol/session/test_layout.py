"""Names in the data folder, and names that must not get there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import LayoutError
from protocol.session.layout import SessionFolder, frame_set_id, session_folder, session_id, session_slug, shortened


@pytest.mark.parametrize(
    "name",
    [
        "20260102-030405-medabots",
        "a",
        "7",
        "evening-run",
        "Run_2",
        "v1.5-b",
        "a" * 120,
        "console",
        "com",
        "com10",
        "nul-1",
        "My Session (2), a & b!",
        "メダロット3",
        "Pokémon",
        "Pokémon".replace("é", "e\u0301"),
        "نسخة ٣",
        "हिन्दी",
        "é" * 120,
        "家" * 80,
    ],
)
def test_a_good_name_is_taken_as_it_is(name: str) -> None:
    assert session_id(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "/etc",
        "C:",
        "C:\\x",
        "a:b",
        "-rf",
        ".hidden",
        "_x",
        "ends.",
        "ends ",
        " x",
        "a\u00a0b",
        "a\0",
        "a\n",
        "a" * 121,
        "家" * 81,
        "a\u202eb",
        "a\u200bb",
        "a\ud800",
        "a／b",
        "a\uff1ab",
        "C：",
        "a[b]",
        "a#b",
        "~a",
        "~",
        "session=1",
        "a*",
        "a?",
        "%2e%2e",
    ],
)
def test_a_name_that_is_no_plain_folder_everywhere_is_refused(name: str) -> None:
    with pytest.raises(LayoutError, match="cannot be a session's name"):
        session_id(name)


@pytest.mark.parametrize(
    "name",
    ["con", "CON", "nul", "Aux.txt", "prn.a.b", "COM1", "lpt9.zip", "com0", "COM¹", "LPT².x", "nul .txt", "ＣＯＮ"],
)
def test_a_name_that_windows_keeps_for_a_device_is_refused(name: str) -> None:
    with pytest.raises(LayoutError):
        session_id(name)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Pokémon FireRed (U) [!]", "pokémon-firered-u"),
        ("メダロット3 - カブト", "メダロット3-カブト"),
        ("ﾒﾀﾞﾛｯﾄ３", "メダロット3"),
        ("हिन्दी", "हिन्दी"),
        ("!!!", "game"),
        ("\u0301", "game"),
        ("a" * 99, "a" * 40),
        ("../..\\x", "x"),
    ],
)
def test_a_games_name_becomes_part_of_a_sessions(text: str, slug: str) -> None:
    assert session_slug(text, 40) == slug


@given(st.text())
def test_whatever_a_game_is_called_there_is_a_name(text: str) -> None:
    name = f"20260102-030405-{session_slug(text, 40)}"
    assert session_id(name) == name


@given(st.text(min_size=1, max_size=120))
def test_a_name_has_room_for_a_number(text: str) -> None:
    try:
        session_id(text)
    except LayoutError:
        return
    numbered = f"{shortened(text, 10)}-{10**8}"
    assert session_id(numbered) == numbered


@given(st.text())
def test_a_session_never_leaves_the_data_folder(name: str) -> None:
    data = Path("data").absolute()
    try:
        folder = session_folder(data, name)
    except LayoutError:
        return
    assert folder.path.resolve().parent == data
    assert folder.path.name == name


@given(st.integers(0, 2**32 - 1))
def test_a_frame_set_is_named_by_its_number(number: int) -> None:
    assert frame_set_id(str(number)) == number


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "01", "00", "1.0", "1 ", "1\n", "1e3", "0x1", "١", "²", "..", "1" * 11, "4294967296"],
)
def test_what_is_no_such_number_is_refused(text: str) -> None:
    with pytest.raises(LayoutError, match="is not the number of a frame set"):
        frame_set_id(text)


def test_files_have_the_names_that_the_originals_tools_read() -> None:
    folder = session_folder(Path("data"), "run")
    assert {
        name: path.relative_to(Path("data") / "run").as_posix()
        for name, path in {
            "metadata": folder.metadata,
            "events": folder.events,
            "event": folder.event(12),
            "screenshot": folder.screenshot(12),
            "annotations": folder.annotations(12),
            "image": folder.memory_image(720),
        }.items()
    } == {
        "metadata": "session_metadata.json",
        "events": "events.jsonl",
        "event": "12/event.json",
        "screenshot": "12/12.png",
        "annotations": "12/annotations.json",
        "image": "memory_720.bin.zst",
    }


def test_a_partial_frame_set_is_never_mistaken_for_one() -> None:
    folder = SessionFolder(Path("data", "run"))
    assert folder.path not in folder.partial(12).parents
    assert folder.partial(12).parent.parent == folder.path.parent
    with pytest.raises(LayoutError):
        session_id(folder.partial(12).parent.name)


def test_no_file_of_a_session_can_be_taken_for_a_frame_set() -> None:
    folder = SessionFolder(Path("run"))
    for path in (folder.metadata, folder.events, folder.older_memory):
        with pytest.raises(LayoutError):
            frame_set_id(path.name)
