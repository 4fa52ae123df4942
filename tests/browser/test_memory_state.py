"""The pure modules of the memory views, run in the browser that they are written for."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.page_modules import call

NAMES = [
    {"name": "map", "address": 0x03000080, "type": "u8", "status": "guess", "values": {"1": "home"}, "layer": "own"},
    {"name": "money", "address": 0x03000086, "type": "u16", "status": "certain", "note": "coins", "layer": "shipped"},
]
REGIONS = [{"name": "iwram", "base": 0x03000000, "size": 0x8000}]


def reduced(page: Page, *actions: dict[str, Any], **start: Any) -> Any:
    """The state of a page that shows set 300 of the session `a`, after some actions."""
    begin = {"chosen": "a", "selected": 300, "following": False, **start}
    expression = "b.reduce(m.reduce, { ...m.initialState({ now: 0 }), ...a })"
    return call(page, "reducer", expression, begin, list(actions))


def search_of(page: Page, *actions: dict[str, Any], **start: Any) -> Any:
    return reduced(page, *actions, **start)["searches"]["a"]


def texts(search: Any) -> list[str]:
    return [entry["text"] for entry in search["filters"]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m.comparisonFilter('=', ['23', ''], 300)", "= 23 @ 300"),
        ("m.comparisonFilter('between', [' 3 ', '0x1F'], 300)", "between 3 0x1F @ 300"),
        ("m.comparisonFilter('between', ['3', ''], 300)", None),
        ("m.comparisonFilter('<', ['-1.5', ''], 300)", "< -1.5 @ 300"),
        ("m.comparisonFilter('=', ['many', ''], 300)", None),
        ("m.courseFilter('fell', [300, 700])", "fell 300..700"),
        ("m.countedFilter('changed by', '-3', [300, 700])", "changed by -3 300..700"),
        ("m.countedFilter('times >=', '', [300, 700])", None),
        ("m.sameEndsFilter([300, 700])", "= @300 @ 700"),
        ("m.otherEndsFilter([300, 700])", "!= @300 @ 700"),
        ("m.fellToZero([300, 700])", ["= 0 @ 700", "> 0 @ 300", "times <= 5 300..700"]),
        ("m.heldFilter('A')", "only while A"),
        ("m.labelledFilter('context', 'battle')", "only in context=battle"),
        ("m.labelledFilter('scene', 'Dr. Who')", 'only in scene="Dr. Who"'),
        ("m.labelledFilter('scene', 'Dr.')", 'only in scene="Dr."'),
        ("m.labelledFilter('scene', 'Fire \"cave\"')", 'only in scene="Fire \\"cave\\""'),
        ("m.togetherFilter('03000A14')", "changes with 0x03000A14"),
    ],
)
def test_filters_are_made_from_what_a_person_picks(modules: Page, expression: str, expected: object) -> None:
    assert call(modules, "memory/filters", expression) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= 23 @ 1300", "At set 1,300 it is 23"),
        ("!= 7 @ last", "At the last set it is not 7"),
        (">= 7 @ mark 2", "At mark 2 it is at least 7"),
        ("between 3 9 @ 12:31.5", "At 12:31.5 after the start it is between 3 and 9"),
        ("= @300 @ 700", "At set 700 it is the same as at set 300"),
        ("!= @300 @ 700", "At set 700 it is not the same as at set 300"),
        (
            "> @first @ start of context=battle",
            "At the start of context=battle it is more than what it was at the first set",
        ),
        ("fell 300..700", "From set 300 to 700 it fell"),
        ("same all", "In the whole session it stayed the same"),
        ("changed by -3 300..700", "From set 300 to 700 it changed by -3"),
        ("times >= 4", "In the whole session it changed at least 4 times"),
        ("times = 1 3..7", "From set 3 to 7 it changed exactly once"),
        ("only while A all", "It changed only while A was held"),
        ("only while None", "It changed only while no button was held"),
        ("only in context=battle 3..7", "From set 3 to 7 it changed only in sets labelled Context: battle"),
        ('only in scene="Fire cave"', "It changed only in sets labelled Scene: Fire cave"),
        ("changes with 0x03000A14", "It changed whenever 03000A14 changed"),
        ("something of a later version", "something of a later version"),
    ],
)
def test_a_filter_is_told_in_plain_words(modules: Page, text: str, words: str) -> None:
    assert call(modules, "memory/filters", "m.filterInWords(a)", text) == words


def test_filters_in_a_hint_are_told_in_plain_words(modules: Page) -> None:
    hint = "No address passes both `= 1 @ 3` and `fell 3..7`: switch one off."
    told = "No address passes both “At set 3 it is 1” and “From set 3 to 7 it fell”: switch one off."
    assert call(modules, "memory/filters", "m.hintInWords(a)", hint) == told


def test_filters_are_added_switched_edited_moved_and_removed(modules: Page) -> None:
    begin = ({"type": "addFilters", "texts": ["= 1 @ 3", "fell 3..7"]}, {"type": "addFilters", "texts": ["rose 7..9"]})
    assert texts(search_of(modules, *begin)) == ["= 1 @ 3", "fell 3..7", "rose 7..9"]
    moved = search_of(modules, *begin, {"type": "moveFilter", "id": 2, "to": 0})
    assert texts(moved) == ["rose 7..9", "= 1 @ 3", "fell 3..7"]
    assert texts(search_of(modules, *begin, {"type": "moveFilter", "id": 0, "to": 99})) == [
        "fell 3..7",
        "rose 7..9",
        "= 1 @ 3",
    ]
    off = search_of(modules, *begin, {"type": "toggleFilter", "id": 1})
    assert [entry["on"] for entry in off["filters"]] == [True, False, True]
    edited = search_of(
        modules, *begin, {"type": "editFilter", "id": 1}, {"type": "writeFilter", "id": 1, "text": " fell 3..8 "}
    )
    assert (texts(edited)[1], edited["edited"]) == ("fell 3..8", None)
    assert texts(search_of(modules, *begin, {"type": "writeFilter", "id": 1, "text": " "})) == ["= 1 @ 3", "rose 7..9"]
    assert texts(search_of(modules, *begin, {"type": "removeFilter", "id": 0})) == ["fell 3..7", "rose 7..9"]


def test_a_filter_that_is_there_already_is_switched_on_and_not_added_twice(modules: Page) -> None:
    again = {"type": "addFilters", "texts": ["= 1 @ 3"]}
    search = search_of(modules, again, {"type": "toggleFilter", "id": 0}, again)
    assert search["filters"] == [{"id": 0, "text": "= 1 @ 3", "on": True}]


@pytest.mark.parametrize(
    ("selection", "filters", "start", "expected"),
    [
        (None, [], None, None),
        (None, ["= 1 @ 120"], None, [120, 300]),
        (None, ["fell 120..500"], None, [300, 500]),
        (None, ["only while A"], None, None),
        (None, ["= 1 @ 300"], None, None),
        (None, ["= 1 @ 120"], 200, [200, 300]),
        ([[10, 10]], ["= 1 @ 120"], None, [120, 300]),
        ([[10, 12], [20, 25]], ["= 1 @ 120"], 200, [10, 25]),
    ],
)
def test_a_stretch_is_the_selection_or_from_what_was_said_last_to_here(
    modules: Page, selection: object, filters: list[str], start: int | None, expected: object
) -> None:
    search = {
        "filters": [{"id": at, "text": text, "on": True} for at, text in enumerate(filters)],
        "start": start,
        "usedIn": None,
    }
    state = {
        "chosen": "a",
        "selected": 300,
        "selection": None if selection is None else {"ranges": selection, "field": None},
        "searches": {"a": search},
    }
    assert call(modules, "memory/search_state", "m.stretchOf(a)", state) == expected


def test_a_course_is_added_by_key_for_the_stretch_or_the_page_says_what_is_missing(modules: Page) -> None:
    fell = {"type": "searchCourse", "course": "fell"}
    assert "Select sets in the strip first" in reduced(modules, fell)["problem"]
    begin = ({"type": "searchStart"}, {"type": "go"}, fell)
    assert texts(search_of(modules, {"type": "addFilters", "texts": ["= 1 @ 120"]}, fell)) == [
        "= 1 @ 120",
        "fell 120..300",
    ]
    assert reduced(modules, begin[0])["searches"]["a"]["start"] == 300


def test_the_given_start_counts_in_the_set_where_something_was_said_and_no_further(modules: Page) -> None:
    begin = ({"type": "searchStart"}, {"type": "addFilters", "texts": ["rose 100..310"]})
    state = reduced(modules, begin[0])
    there = {**state, "selected": 310}
    assert call(modules, "memory/search_state", "m.stretchOf(a)", there) == [300, 310]
    said = call(modules, "reducer", "m.reduce(a, b)", there, begin[1])
    assert call(modules, "memory/search_state", "m.stretchOf(a)", said) == [300, 310]
    assert call(modules, "memory/search_state", "m.stretchOf(a)", {**said, "selected": 400}) == [310, 400]


def test_each_session_keeps_its_search(modules: Page) -> None:
    added = {"type": "addFilters", "texts": ["= 1 @ 3"]}
    state = reduced(modules, added)
    other = call(modules, "memory/search_state", "m.searchOf({ ...a, chosen: 'b' }).filters", state)
    assert other == []
    assert texts(call(modules, "memory/search_state", "m.searchOf(a)", state)) == ["= 1 @ 3"]


def test_without_a_filter_nothing_is_asked_and_an_answer_to_an_older_search_is_pending(modules: Page) -> None:
    asked = "[m.requestOf(a), m.isPending(a)]"
    assert call(modules, "memory/search_state", asked, reduced(modules)) == [None, False]
    off = reduced(modules, {"type": "addFilters", "texts": ["= 1 @ 3"]}, {"type": "toggleFilter", "id": 0})
    assert call(modules, "memory/search_state", asked, off) == [None, False]
    begin = ({"type": "addFilters", "texts": ["= 1 @ 3"]}, {"type": "keepCandidates", "addresses": [0x03000A14]})
    state = reduced(modules, *begin)
    text, pending = call(modules, "memory/search_state", asked, state)
    assert pending is True
    request = json.loads(text)
    assert request["where"] == [{"filter": "= 1 @ 3", "on": True}]
    assert (request["ranges"], request["excluded"]) == (["03000A14"], [])
    answered = call(modules, "memory/search_state", "m.requestOf(a)", state)
    answer = {
        "type": "searchAnswer",
        "session": "a",
        "answered": answered,
        "answer": {"addresses": 1, "candidates": []},
    }
    assert call(modules, "memory/search_state", "m.isPending(a)", reduced(modules, *begin, answer)) is False
    edited = reduced(modules, *begin, answer, {"type": "writeFilter", "id": 0, "text": "= 2 @ 3"})
    assert call(modules, "memory/search_state", "m.isPending(a)", edited) is True


def test_a_search_is_saved_and_opened_again(modules: Page) -> None:
    begin = (
        {"type": "addFilters", "texts": ["= 1 @ 3", "fell 3..7"]},
        {"type": "toggleFilter", "id": 1},
        {"type": "toggleType", "name": "s8"},
        {"type": "toggleRegion", "name": "iwram"},
        {"type": "toggleAligned"},
        {"type": "keepCandidates", "addresses": [0x03000A14]},
        {"type": "excludeCandidate", "address": 0x02000000},
        {"type": "nameSearch", "name": "HP"},
    )
    search = search_of(modules, *begin)
    saved = call(modules, "memory/search_state", "m.savedForm(a)", search)
    assert saved["ranges"] == ["03000A14"]
    assert search_of(modules, {"type": "openSearch", "search": saved}) == {**search, "usedIn": None}


@pytest.mark.parametrize("document", [None, 7, [], {}, {"where": "= 1"}, {"where": [{"on": True}]}])
def test_a_file_that_is_no_search_changes_nothing_and_is_refused_in_words(modules: Page, document: object) -> None:
    state = reduced(modules, {"type": "openSearch", "search": document})
    assert state["searches"] == {}
    assert "no search of gbatrace" in state["problem"]


def test_the_last_type_stays(modules: Page) -> None:
    off = [{"type": "toggleType", "name": name} for name in ("u8", "u16", "u32")]
    assert search_of(modules, *off)["types"] == ["u32"]


@pytest.mark.parametrize(
    ("name", "value", "type_name", "expected"),
    [
        (None, 7, "u8", "7"),
        (None, None, "u8", "–"),
        (NAMES[0], 1, "u8", "1 home"),
        ({"scale": {"factor": 0.5, "offset": 1, "unit": "km"}}, 7, "u8", "4.5 km"),
        ({"bits": {"0": "poison", "2": "sleep"}}, 5, "u8", "5 poison, sleep"),
        (None, 1.25, "fixed24.8", "1.25"),
    ],
)
def test_a_value_reads_as_its_name_says(
    modules: Page, name: object, value: object, type_name: str, expected: str
) -> None:
    assert call(modules, "memory/name_index", "m.meaningText(a ?? undefined, b, c)", name, value, type_name) == expected


def test_a_name_goes_through_its_form_unchanged(modules: Page) -> None:
    name = {
        **NAMES[0],
        "scale": {"factor": 0.5, "offset": -1, "unit": "m"},
        "values": {"0": "valley", "1": "home"},
        "bits": {"3": "locked"},
        "note": "the map",
        "watched": True,
    }
    there_and_back = call(modules, "memory/names_state", "m.nameFrom(m.formOf(a), b).name", name, REGIONS)
    assert {**name, **there_and_back} == name


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": " "}, "Give it a name."),
        ({"address": "0x09000000"}, "0x09000000 is no address of this game"),
        ({"address": ""}, "Nothing is no address"),
        ({"factor": "0"}, "The factor is a number other than 0."),
        ({"factor": ""}, "The factor is a number other than 0."),
        ({"offset": "x"}, "The offset is a number."),
        ({"values": "1 = home\nstore"}, "“store” has no number before its equals sign"),
        ({"bits": "poison = 1"}, "“poison = 1” has no number"),
    ],
)
def test_a_form_that_is_not_right_says_what(modules: Page, changed: dict[str, str], problem: str) -> None:
    said = call(
        modules, "memory/names_state", "m.nameFrom({ ...m.formOf(a), ...b }, c).problem", NAMES[0], changed, REGIONS
    )
    assert problem in said


def test_names_are_found_by_their_words_and_addresses(modules: Page) -> None:
    texts = ["", "coins", "0x0300008 guess", "iwram", "nothing"]
    found = "c.map((text) => m.matchingNames(a, text, b).map(({ name }) => name))"
    assert call(modules, "memory/names_state", found, NAMES, REGIONS, texts) == [
        ["map", "money"],
        ["money"],
        ["map"],
        ["map", "money"],
        [],
    ]


def test_the_form_of_a_name_opens_for_the_chosen_address(modules: Page) -> None:
    assert "Choose an address first" in reduced(modules, {"type": "editName"})["problem"]
    memory = {"view": "map", "address": 0x03000087, "type": "u8", "names": NAMES, "problem": ""}
    known = reduced(modules, {"type": "editName"}, memory=memory)
    assert (known["overlay"], known["naming"]["form"]["previous"]) == ("name", "money")
    new = reduced(modules, {"type": "editName", "address": 0x03000010, "valueType": "s16"}, memory=memory)
    assert [new["naming"]["form"][key] for key in ("previous", "address", "type")] == ["", "03000010", "s16"]
    refused = reduced(modules, {"type": "editName"}, {"type": "nameRefused", "message": "No."}, memory=memory)
    assert refused["naming"]["form"]["problem"] == "No."
    assert reduced(modules, {"type": "editName"}, {"type": "nameSaved"}, memory=memory)["overlay"] is None


def change(number: int) -> dict[str, Any]:
    return {"frame_set_id": number, "frame": 5 * number, "previous": 0, "current": 1, "recorded": True}


def test_a_history_comes_by_pages_and_belongs_to_one_address(modules: Page) -> None:
    memory = {"view": "history", "address": 0x03000080, "type": "u8", "names": [], "problem": ""}
    page = {
        "type": "history",
        "key": f"a/{0x03000080}/u8",
        "page": 0,
        "rows": [change(2), change(9)],
        "total": 102,
        "sets": [[9, 9], [2, 2]],
    }
    later = {**page, "page": 1, "rows": [change(400), change(500)]}
    state = reduced(modules, page, later, memory=memory)
    places = "m.lastChangeUpTo(h, 8), m.lastChangeUpTo(h, 450), m.lastChangeUpTo(h, 1)"
    changes = "m.changeAt(h, 101)?.frame_set_id, m.changeAt(h, 50)"
    expression = f"((h) => [h.isLoading, h.sets, {places}, {changes}])(m.historyOf(a))"
    found = call(modules, "memory/address_history", expression, state)
    assert found == [False, [[2, 2], [9, 9]], 0, 100, -1, 500, None]
    other = {**state, "memory": {**memory, "address": 0x03000090}}
    assert call(modules, "memory/address_history", "m.historyOf(a).isLoading", other) is True
    late = reduced(modules, {**page, "key": "a/1/u8"}, memory=memory)
    assert late["history"]["key"] is None, "the answer for an address that was left meanwhile"


def test_the_sets_where_an_address_changed_become_the_selection(modules: Page) -> None:
    memory = {"view": "history", "address": 0x03000080, "type": "u8", "names": [], "problem": ""}
    page = {"type": "history", "key": f"a/{0x03000080}/u8", "page": 0, "rows": [], "total": 3, "sets": [[2, 3], [9, 9]]}
    state = reduced(modules, page, {"type": "selectChangedSets"}, memory=memory)
    assert state["selection"] == {"ranges": [[2, 3], [9, 9]], "field": None, "anchor": 2}
    assert reduced(modules, {"type": "selectChangedSets"}, memory=memory)["selection"] is None


def test_a_curve_is_a_path_of_steps_with_gaps(modules: Page) -> None:
    curve = {"numbers": [0, 50, 75], "values": [1, 3, None]}
    assert call(modules, "memory/curves", "m.curvePath(a, [0, 100])", curve) == "M0 14.5H50V1.5H75"
    assert call(modules, "memory/curves", "m.curvePath(a, [0, 100])", {"numbers": [10], "values": [7]}) == "M10 8H100"
