"""Questions of the bus about a session that is being recorded."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.agreement.service import compared_people
from daemon.analysis.candidates import Order
from daemon.analysis.value_types import VALUE_TYPES
from daemon.answering.service import AnalysisService
from daemon.labels.history import Entry, SetEdit
from daemon.labels.writer import LabelWriter
from daemon.names.book_files import edit_book, session_place
from daemon.names.edits import give_name
from daemon.probing.rom_search import add_rom_folder
from protocol.bus.memory_questions import MAX_DISAGREEMENTS, MIN_POINTS, ORDERS, TYPE_NAMES
from protocol.errors import AnalysisError, FilterError, GbatraceError, LayoutError, MomentError, SessionError
from protocol.packing import pack, unpack
from protocol.session.annotations import TEXT_FIELDS
from protocol.session.reader import open_session
from tests.daemon.analysis.stored_session import COUNTER, StoredSession
from tests.daemon.importing.made import REGIONS

SIZE = sum(region.size for region in REGIONS)
POSITION = next(
    sum(other.size for other in REGIONS[:index]) + COUNTER - region.base
    for index, region in enumerate(REGIONS)
    if region.base <= COUNTER < region.base + region.size
)


class Asking:
    """A stored session and the service that is asked about it."""

    def __init__(self, data: Path) -> None:
        self.session = StoredSession(data)
        self.service = AnalysisService(data)

    def __call__(self, command: str, **arguments: Any) -> dict[str, Any]:
        answer = self.service.answer(command, {"session": self.session.name, **arguments})
        assert unpack(pack(answer)) == answer
        assert isinstance(answer, dict)
        return answer


@pytest.fixture
def ask(tmp_path: Path) -> Asking:
    at = Asking(tmp_path)
    at.session.store(*range(10))
    return at


def test_memory_has_image_known_bytes_and_ages(ask: Asking) -> None:
    memory = ask("memory", at=6)
    assert (memory["number"], len(memory["image"]), len(memory["ages"])) == (6, SIZE, SIZE // 4)
    assert memory["image"][POSITION : POSITION + 4] == (7).to_bytes(4, "little")
    known = np.unpackbits(np.frombuffer(memory["known"], np.uint8), bitorder="little")[:SIZE]
    assert np.flatnonzero(known).tolist() == [*range(POSITION, POSITION + 4)]
    assert memory["ages"][POSITION // 4] == 0
    assert set(memory["ages"]) == {0, 255}


def test_a_session_is_prepared_in_no_time(ask: Asking) -> None:
    assert ask("prepare") == {}
    assert ask("memory")["number"] == 9


@pytest.mark.parametrize(("at", "number"), [("last", 9), ("first", 0), ("7", 7), (3, 3), ("mark 1", 5), ("0:00", 0)])
def test_memory_is_of_any_moment(ask: Asking, at: int | str, number: int) -> None:
    ask.session.mark(5)
    assert ask("memory", at=at)["number"] == number


def test_what_was_stored_meanwhile_is_in_the_next_answer(ask: Asking) -> None:
    assert ask("memory")["number"] == 9
    ask.session.store(10, 11)
    assert ask("memory")["number"] == 11
    assert ask("values", address=COUNTER)["values"][-1] == 12


def test_values_are_steps_from_a_frame_set_on(ask: Asking) -> None:
    assert ask("values", address=COUNTER, type="u16") == {
        "numbers": [*range(10)],
        "values": [*range(1, 11)],
        "total": 10,
    }
    assert ask("values", address="03000010", first=4, last="6") == {
        "numbers": [4, 5, 6],
        "values": [5, 6, 7],
        "total": 3,
    }


def test_a_value_that_was_there_before_begins_with_the_stretch(ask: Asking) -> None:
    later = ask("values", address=COUNTER + 1, first=4)
    assert later == {"numbers": [4], "values": [0], "total": 1}


def test_more_values_than_wanted_are_thinned(ask: Asking) -> None:
    ask.session.store(*range(10, 60))
    thin = ask("values", address=COUNTER, most=MIN_POINTS)
    assert len(thin["numbers"]) == len(thin["values"]) <= MIN_POINTS
    assert (thin["total"], thin["values"][0], thin["values"][-1]) == (60, 1, 60)


def test_changes_come_a_page_at_a_time_and_cursors_stay(ask: Asking) -> None:
    page = ask("changes_of", address=COUNTER, limit=4)
    assert [row["current"] for row in page["rows"]] == [1, 2, 3, 4]
    assert (page["total"], page["next"], page["sets"][-1][-1]) == (10, 4, 9)
    ask.session.store(10)
    more = ask("changes_of", address=COUNTER, cursor=page["next"], limit=100)
    assert [row["current"] for row in more["rows"]] == [*range(5, 12)]
    assert more["next"] is None
    assert more["rows"][0]["frame_set_id"] == 4


def test_sets_with_a_held_button_are_those_of_the_recording(ask: Asking) -> None:
    assert ask("held", button="None") == {"sets": [[0, 9]]}
    assert ask("held", button="A") == {"sets": []}


def test_a_value_that_was_never_known_has_no_values(ask: Asking) -> None:
    assert ask("values", address=COUNTER + 4) == {"numbers": [], "values": [], "total": 0}
    assert ask("changes_of", address=COUNTER + 4) == {"rows": [], "total": 0, "next": None, "sets": []}


def test_a_search_lists_what_is_left(ask: Asking) -> None:
    found = ask("search", where=[{"filter": "rose 2..5"}, {"filter": "= 99", "on": False}], types=["u8"], at=6)
    assert (found["at"], found["left"], found["addresses"]) == (6, 1, 1)
    [candidate] = found["candidates"]
    assert (candidate["address"], candidate["type"], candidate["value"]) == (COUNTER, "u8", 7)
    assert [(each["on"], each["passes"]) for each in found["filters"]] == [(True, 1), (False, None)]


def test_a_variable_is_found_by_what_was_seen(ask: Asking) -> None:
    found = ask("find", name="steps", readings=["2=3", "5=6", "7=8"], limit=1)
    first = found["candidates"][0]
    assert (found["name"], first["address"], first["value"], len(found["candidates"])) == ("steps", COUNTER, 10, 1)
    assert [(line["number"], line["kind"], line["holds"]) for line in first["evidence"]] == [
        (2, "reading", True),
        (5, "reading", True),
        (7, "reading", True),
    ]
    ask.session.store(10, 11)
    more = ask("find", name="steps", readings=["2=3", "5=6", "7=8", "11=12"])
    assert (more["candidates"][0]["value"], more["problems"]) == (12, [])
    with pytest.raises(AnalysisError, match="`limit` is a whole number"):
        ask("find", name="steps", readings=["2=3"], limit=0)


def test_a_probe_names_no_file(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask.service._probes, "answer", lambda request: {"asked": request})
    assert ask("probe", poke=["hp"], at=5) == {"asked": {"session": "evening", "poke": ["hp"], "at": 5}}
    for wrong in (
        {"axis": True, "rom": "/etc/passwd"},
        {"axis": True, "core": "x"},
        {"axis": True, "cursor": True},
        {},
    ):
        with pytest.raises(AnalysisError):
            ask("probe", **wrong)
    with pytest.raises(SessionError):
        ask.service.answer("probe", {"session": "gone", "axis": True})


def test_it_is_known_beforehand_whether_a_session_can_be_probed(ask: Asking, tmp_path: Path) -> None:
    assert "does not say which ROM" in ask("can_probe")["refusal"]
    metadata, game = ask.session.folder.metadata, tmp_path / "roms" / "Quest.gba"
    rom_hash = hashlib.sha1(b"a game").hexdigest().upper()
    metadata.write_text(json.dumps({**json.loads(metadata.read_bytes()), "rom_hash": rom_hash}), "utf-8")
    game.parent.mkdir()
    add_rom_folder(tmp_path, game.parent)
    refusal = ask("can_probe")["refusal"]
    assert "was not found in roms: name the game" in refusal
    assert str(tmp_path) not in refusal
    game.write_bytes(b"a game")
    assert ask("can_probe") == {"refusal": ""}
    with pytest.raises(SessionError):
        ask.service.answer("can_probe", {"session": "gone"})


def test_queries_are_kept_listed_and_removed(ask: Asking) -> None:
    query = {"name": "hp", "readings": ["3=4", "5=6 live"], "events": ["up@5"], "axis": None, "field": None}
    assert ask("queries") == {"queries": []}
    assert ask("save_query", **query) == {"queries": [query]}
    assert ask("save_query", name="x", axis="Left/Right")["queries"][1]["axis"] == "Left/Right"
    assert ask("queries") == ask("save_query", **query)
    assert [each["name"] for each in ask("remove_query", name="hp")["queries"]] == ["x"]
    for refused in (
        {"name": "hp", "readings": ["soon"]},
        {"name": "hp", "readings": "3=4"},
        {"name": "hp", "colour": 1},
    ):
        with pytest.raises(AnalysisError):
            ask("save_query", **refused)


def test_a_search_goes_on_with_what_was_stored_and_labelled_meanwhile(ask: Asking) -> None:
    def left(text: str) -> int:
        return int(ask("search", where=[{"filter": text}], types=["u8"])["left"])

    ask.session.label(3, context="battle")
    assert (left("= 11"), left("only in context=battle")) == (0, 0)
    ask.session.store(10)
    assert left("= 11") == 1
    for number in range(11):
        ask.session.label(number, context="battle")
    assert left("only in context=battle") == 1


def test_a_search_is_limited_to_ranges_and_types(ask: Asking) -> None:
    def left(**limits: Any) -> int:
        return int(ask("search", where=[{"filter": "changed"}], limit=0, **limits)["left"])

    assert left(types=["u8"]) == left(types=["u8"], regions=["iwram"]) == 1
    assert left(types=["u8"], ranges=["03000000..0300000F"]) == 0
    assert left(types=["u8"], excluded=["03000010"]) == 0
    assert left() >= left(aligned=True) > 1


def test_searches_are_saved_with_the_session(ask: Asking) -> None:
    assert ask("searches") == {"searches": []}
    saved = ask("save_search", name="hp", where=[{"filter": "fell 3..4", "on": False}], types=["u8"])
    assert [(each["name"], each["where"]) for each in saved["searches"]] == [
        ("hp", [{"filter": "fell 3..4", "on": False}])
    ]
    assert ask("searches") == saved
    assert ask("remove_search", name="hp") == {"searches": []}


def test_a_name_of_the_game_stands_for_its_address(ask: Asking) -> None:
    folder = ask.session.folder.path
    place = session_place(folder.parent, open_session(folder))
    given = {"name": "counter", "address": COUNTER, "type": "u8"}
    edit_book(place, lambda book: give_name(place, book, given))
    found = ask("search", where=[{"filter": "changes with counter"}], types=["u8"])
    assert [candidate["address"] for candidate in found["candidates"]] == [COUNTER]
    with pytest.raises(GbatraceError, match="neither a name"):
        ask("search", where=[{"filter": "changes with money"}])


@pytest.mark.parametrize(
    ("command", "arguments", "error", "sentence"),
    [
        ("memory", {"at": 99}, MomentError, "no frame set 99"),
        ("memory", {"at": "mark 3"}, MomentError, "no mark 3"),
        ("memory", {"at": "soon"}, FilterError, "moment"),
        ("memory", {"at": 1.5}, AnalysisError, "needs `at`"),
        ("memory", {"at": -1}, AnalysisError, "needs `at`"),
        ("memory", {"colour": 1}, AnalysisError, "no argument 'colour'"),
        ("memory", {"session": "gone"}, SessionError, "not a session"),
        ("memory", {"session": "../x"}, LayoutError, "cannot be a session"),
        ("memory", {"session": 7}, AnalysisError, "needs `session`"),
        ("values", {}, AnalysisError, "needs `address`"),
        ("values", {"address": "hp"}, AnalysisError, "needs `address`"),
        ("values", {"address": 0x0600_0000}, AnalysisError, "lies in no memory that is recorded"),
        ("values", {"address": COUNTER, "type": "u64"}, AnalysisError, "not a value type"),
        ("values", {"address": COUNTER, "most": 1}, AnalysisError, "`most` is a whole number"),
        ("values", {"address": COUNTER, "most": True}, AnalysisError, "`most` is a whole number"),
        ("changes_of", {"address": COUNTER, "limit": 10_000}, AnalysisError, "`limit` is a whole number"),
        ("changes_of", {"address": COUNTER, "cursor": "x"}, AnalysisError, "`cursor` is a whole number"),
        ("search", {"where": "rose"}, AnalysisError, "`where` is a list"),
        ("search", {"where": [{"filter": "rose", "on": 1}]}, AnalysisError, "`where` is a list"),
        ("search", {"where": [{"filter": "rise"}]}, FilterError, "a filter"),
        ("search", {"where": [{"filter": "= 1 @ 99"}]}, MomentError, "no frame set 99"),
        ("search", {"where": [{"filter": "rose"}] * 100}, AnalysisError, "at most 64"),
        ("search", {"types": ["u64"]}, AnalysisError, "not a value type"),
        ("search", {"types": [8]}, AnalysisError, "`types` is a list"),
        ("search", {"regions": ["vram"]}, FilterError, "no region 'vram'"),
        ("search", {"ranges": ["hp"]}, FilterError, "no range of addresses"),
        ("search", {"order": "luck"}, AnalysisError, "`order` is one of"),
        ("search", {"limit": 5000}, AnalysisError, "`limit` is a whole number"),
        ("search", {"aligned": "yes"}, AnalysisError, "`aligned` is true or false"),
        ("save_search", {"name": ""}, FilterError, "The name of a search is not empty"),
        ("save_search", {"name": "x", "limit": 3}, AnalysisError, "no argument 'limit'"),
        ("remove_search", {"name": "x"}, FilterError, "no saved search"),
        ("searches", {"session": "gone"}, SessionError, "not a session"),
        ("held", {}, AnalysisError, "needs `button`"),
        ("agreement", {"first": "ann"}, AnalysisError, "nobody has"),
        ("agreement", {"other": "gone"}, SessionError, "not a session"),
        ("agreement", {"other": "../x"}, LayoutError, "cannot be a session"),
        ("dance", {}, AnalysisError, "no question 'dance'"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(
    ask: Asking, command: str, arguments: dict[str, Any], error: type[GbatraceError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        ask(command, **arguments)


def test_a_session_without_frame_sets_has_no_moments(tmp_path: Path) -> None:
    ask = Asking(tmp_path)
    with pytest.raises(MomentError, match="recorded yet"):
        ask("memory")


def test_the_interface_names_every_value_type_and_order() -> None:
    assert set(TYPE_NAMES) == set(VALUE_TYPES)
    assert set(ORDERS) == set(Order)


def test_agreement_of_people_and_of_a_session_with_itself(ask: Asking) -> None:
    assert ask("agreement")["compared"] == []
    ask.session.label(3, context="battle")
    assert ask("agreement")["people"] == [{"who": "ann", "sets": 1}]
    assert ask("agreement", other=ask.session.name)["fields"][0]["agreed"] == 1


def test_the_first_two_thousand_disagreements_are_answered(tmp_path: Path) -> None:
    session, numbers = StoredSession(tmp_path), range(MAX_DISAGREEMENTS // len(TEXT_FIELDS) + 2)
    session.store(*numbers)
    writer = LabelWriter(session.folder)
    for n, who in enumerate(("ann", "ben"), 1):
        edits = tuple(SetEdit(number, {}, dict.fromkeys(TEXT_FIELDS, f"{who} {number % 2}")) for number in numbers)
        writer.append(Entry(n, 5, who, "page", "edit", None, edits))
    every = compared_people(tmp_path, session.name)
    assert len(every["disagreements"]) == every["total"] > MAX_DISAGREEMENTS
    answer = AnalysisService(tmp_path).answer("agreement", {"session": session.name})
    assert answer == {**every, "disagreements": every["disagreements"][:MAX_DISAGREEMENTS]}


def test_labels_are_suggested_from_those_that_there_are(ask: Asking) -> None:
    answer = ask("suggestions")
    assert (answer["field"], answer["suggestions"], answer["told_by"]) == ("context", [], [])
    assert answer["note"].startswith("Two situations must be labelled")
    with pytest.raises(AnalysisError, match="No labels are suggested for 'tags'"):
        ask("suggestions", field="tags")
