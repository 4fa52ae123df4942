"""The pure modules of finding and of suggestions, run in the browser that they are written for."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.page_modules import call
from tests.browser.test_memory_state import reduced

FIND = "memory/find_state"
WORDS = "memory/find_words"
LIVE = {"sessions": [{"session_id": "a", "state": "live", "created": 1}]}
BYTE = 0x03000A14


def finding_of(page: Page, *actions: dict[str, Any], **start: Any) -> Any:
    return reduced(page, *actions, **start)["findings"]["a"]


def typed(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "findTyped", "text": text, **more}


def candidate(address: int, *lines: tuple[str, int, bool], form: str = "=", **more: Any) -> dict[str, Any]:
    evidence = [
        {"number": number, "kind": kind, "text": "it did", "holds": holds, "nats": -0.1 if holds else -5.0}
        for kind, number, holds in lines
    ]
    return {"address": address, "type": "u8", "form": form, "evidence": evidence, "mirrors": [], **more}


def answered(*candidates: dict[str, Any], certainty: str = "likely", lead: float = 2, ask: int | None = 77) -> Any:
    """The answer to a query of one reading at set 300."""
    answer = {"candidates": list(candidates), "certainty": certainty, "lead": lead, "ask": ask, "problems": []}
    query = '{"name":"hp","readings":["300=23"],"events":[],"axis":null,"field":null,"limit":20}'
    return {"type": "findAnswer", "session": "a", "answered": query, "answer": answer}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hp 23", {"name": "hp", "value": 23}),
        (" HP  23 ", {"name": "HP", "value": 23}),
        ("player hp 7", {"name": "player hp", "value": 7}),
        ("hp=-3", {"name": "hp", "value": -3}),
        ("x2: 1.5", {"name": "x2", "value": 1.5}),
        ("speed 1,5", {"name": "speed", "value": 1.5}),
        ("flags 0x1F", {"name": "flags", "value": 31}),
        ("23", {"name": None, "value": 23}),
        ("money", {"name": "money", "value": None}),
        ("player hp", {"name": "player hp", "value": None}),
        ("  ", None),
    ],
)
def test_what_a_person_types_is_a_name_and_a_number(modules: Page, text: str, expected: object) -> None:
    assert call(modules, WORDS, "m.parseReading(a)", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("812=23", {"kind": "reading", "number": 812, "words": "is 23", "isLive": False}),
        ("812=-1.5 live", {"kind": "reading", "number": 812, "words": "is -1.5", "isLive": True}),
        ("down@900", {"kind": "event", "number": 900, "words": "fell", "isLive": True}),
        ("changed@900 paused", {"kind": "event", "number": 900, "words": "changed", "isLive": False}),
        ("sideways@900", None),
        ("something else", None),
    ],
)
def test_a_label_is_read_as_the_daemon_writes_it(modules: Page, text: str, expected: object) -> None:
    assert call(modules, WORDS, "m.parseLabel(a)", text) == expected


def test_labels_on_a_picture_are_exact_and_those_given_live_are_not(modules: Page) -> None:
    given = (typed("hp 23"), {"type": "findEvent", "direction": "down"})
    assert finding_of(modules, *given)["queries"] == [
        {"name": "hp", "labels": ["300=23", "down@300 paused"], "axis": "", "field": ""}
    ]
    live = finding_of(modules, *given, following=True, **LIVE)
    assert live["queries"][0]["labels"] == ["300=23 live", "down@300"]
    begun = finding_of(modules, typed("hp 23", at=290, live=True), following=True, **LIVE)
    assert begun["queries"][0]["labels"] == ["290=23 live"]


def test_a_second_reading_of_a_picture_replaces_the_first(modules: Page) -> None:
    finding = finding_of(modules, typed("hp 23"), {"type": "findEvent", "direction": "up"}, typed("24"))
    assert finding["queries"][0]["labels"] == ["up@300 paused", "300=24"]
    removed = finding_of(modules, typed("hp 23"), {"type": "removeFindLabel", "text": "300=23"})
    assert removed["queries"][0]["labels"] == []


def test_a_name_goes_to_its_query_and_an_unnamed_query_takes_it(modules: Page) -> None:
    event = {"type": "findEvent", "direction": "down"}
    named = finding_of(modules, event, typed("hp 23"))
    assert [(query["name"], len(query["labels"])) for query in named["queries"]] == [("hp", 2)]
    several = finding_of(modules, typed("hp 23"), typed("money 120"), typed("HP 22"), typed("money"))
    assert [(query["name"], query["labels"]) for query in several["queries"]] == [
        ("hp", ["300=22"]),
        ("money", ["300=120"]),
    ]
    assert several["current"] == 1
    left = finding_of(modules, typed("hp 23"), typed("money 120"), {"type": "removeFindQuery"})
    assert ([query["name"] for query in left["queries"]], left["current"]) == (["hp"], 0)
    none = finding_of(modules, typed("hp 23"), {"type": "removeFindQuery"})
    assert none["queries"] == [{"name": "", "labels": [], "axis": "", "field": ""}]


def test_queries_that_are_kept_with_a_session_come_beside_those_of_the_page(modules: Page) -> None:
    stored = [
        {"name": "hp", "readings": ["1=2"], "events": [], "axis": None, "field": None},
        {"name": "x", "readings": [], "events": ["up@3"], "axis": "Left/Right", "field": None},
    ]
    kept = {"type": "findQueries", "session": "a", "queries": stored}
    assert [query["labels"] for query in finding_of(modules, typed("HP 23"), kept)["queries"]] == [
        ["300=23"],
        ["up@3"],
    ]
    alone = finding_of(modules, kept)
    assert [(query["name"], query["axis"]) for query in alone["queries"]] == [("hp", ""), ("x", "Left/Right")]
    assert reduced(modules, {**kept, "session": "b"})["findings"] == {}


def test_an_answer_to_an_earlier_query_is_not_shown(modules: Page) -> None:
    assert finding_of(modules, typed("hp 23"), answered(candidate(BYTE)))["answer"]["candidates"]
    assert finding_of(modules, typed("hp 24"), answered(candidate(BYTE)))["answer"] is None


def test_an_answer_stays_while_the_daemon_is_too_busy_for_a_newer_one(modules: Page) -> None:
    problem = {"type": "findProblem", "session": "a", "message": "The daemon does not answer."}
    request = call(modules, FIND, "m.findRequestOf(a)", reduced(modules, typed("hp 23")))
    late = finding_of(modules, typed("hp 23"), answered(candidate(BYTE)), {**problem, "answered": request})
    assert (late["problem"], len(late["answer"]["candidates"])) == ("The daemon does not answer.", 1)
    another = call(modules, FIND, "m.findRequestOf(a)", reduced(modules, typed("hp 23"), typed("hp 24")))
    other = (typed("hp 23"), answered(candidate(BYTE)), typed("hp 24"), {**problem, "answered": another})
    assert finding_of(modules, *other)["answer"] is None


def test_labels_that_the_candidate_contradicts_are_marked(modules: Page) -> None:
    actions = (
        typed("hp 23"),
        {"type": "select", "set": 200},
        {"type": "findEvent", "direction": "down"},
    )
    state = reduced(modules, *actions, watched={"ranges": [[0, 400]], "labels": {}, "events": []})
    rows = call(
        modules, FIND, "m.labelRows(a, b)", state, candidate(BYTE, ("event", 200, False), ("reading", 300, True))
    )
    assert [(row["number"], row["fits"], row["reason"]) for row in rows] == [
        (200, False, "it did"),
        (300, True, "it did"),
    ]
    alone = call(modules, FIND, "m.labelRows(a, undefined)", state)
    assert [row["fits"] for row in alone] == [None, None]


@pytest.mark.parametrize(
    ("certainty", "ask", "rivals", "words"),
    [
        ("certain", 77, 0, "Certain"),
        ("likely", 77, 1, "Likely, 1 more picture would settle it"),
        ("likely", 77, 3, "Likely, 2 more pictures would settle it"),
        ("likely", None, 1, "Likely, and no picture would tell more"),
        ("unsure", 77, 9, "Not yet"),
    ],
)
def test_certainty_in_words(modules: Page, certainty: str, ask: int | None, rivals: int, words: str) -> None:
    scores = [-1, *[-3] * rivals, -9]
    found = [candidate(BYTE + place, score=score) for place, score in enumerate(scores)]
    assert call(modules, WORDS, "m.certaintyInWords(a, b)", {"certainty": certainty, "ask": ask}, found) == words


def test_where_labels_alone_speak_more_of_them_are_asked_for(modules: Page) -> None:
    found = [candidate(BYTE, ("state", 20, True), score=-1), candidate(BYTE + 1, ("state", 20, True), score=-3)]
    words = call(modules, WORDS, "m.certaintyInWords({ certainty: 'likely', ask: 77 }, a)", found)
    assert words == "Likely, 1 more labelled run would settle it"


def test_nothing_that_fits_is_not_called_uncertain(modules: Page) -> None:
    answer = {"certainty": "unsure", "ask": None}
    assert call(modules, WORDS, "m.certaintyInWords(a, [])", answer) == "Nothing fits"


@pytest.mark.parametrize(("form", "shown"), [("=", 7), ("+1", 8), ("-1", 6), ("x10", 70), ("x100", 700)])
def test_the_number_on_the_screen_follows_from_the_form(modules: Page, form: str, shown: int) -> None:
    assert call(modules, WORDS, "m.shownNumber(7, a)", form) == shown
    assert call(modules, WORDS, "m.shownNumber(null, a)", form) is None


def test_accepting_gives_a_name_with_its_scale_and_its_evidence(modules: Page) -> None:
    found = candidate(BYTE, ("reading", 1300, True), ("event", 40, False), ("axis", 0, True), form="+1")
    answer = {"candidates": [found, candidate(BYTE + 4)], "certainty": "certain", "lead": 5.25}
    name = call(modules, WORDS, "m.acceptedName({ name: 'hp' }, a.candidates[0], a)", answer)
    assert name == {
        "name": "hp",
        "address": BYTE,
        "type": "u8",
        "status": "certain",
        "scale": {"factor": 1, "offset": 1, "unit": ""},
        "evidence": ["found by evidence, certain: 5.3 nats before the next", "reading at 1300: it did", "axis: it did"],
    }
    other = call(modules, WORDS, "m.acceptedName({ name: 'hp' }, a.candidates[1], a)", answer)
    assert (other["status"], other["evidence"]) == ("guess", [])
    likely = {**answer, "certainty": "likely"}
    assert call(modules, WORDS, "m.acceptedName({ name: 'hp' }, a.candidates[0], a).status", likely) == "guess"


def test_the_candidate_that_a_probe_shows_to_be_the_source_comes_first_and_is_confirmed(modules: Page) -> None:
    probed = [
        {"address": BYTE + 7, "type": "u16", "verdict": "source", "score": 3, "followers": [], "reason": "stays"},
        {"address": BYTE, "type": "u8", "verdict": "copy", "score": 1, "followers": [], "reason": "written anew"},
        {"address": BYTE + 8, "type": "u8", "verdict": "source", "score": 9, "followers": [BYTE], "reason": "stays"},
    ]
    answer = {"groups": [{"name": "hp", "candidates": probed}], "moments": [{"at": 250}], "notes": []}
    actions = (
        typed("hp 23"),
        answered(candidate(BYTE), candidate(BYTE + 4)),
        {"type": "probeStarted"},
        {"type": "probed", "session": "a", "name": "hp", "answer": answer},
    )
    state = reduced(modules, *actions)
    rows = call(modules, FIND, "m.candidatesOf(a)", state)
    assert [row["address"] for row in rows] == [BYTE + 8, BYTE + 7, BYTE + 4, BYTE]
    assert [row["evidence"][-1]["holds"] for row in (rows[0], rows[3])] == [True, False]
    words = call(modules, WORDS, "m.certaintyInWords(a.findings.a.answer, b)", state, rows)
    assert words == "Confirmed by a probe"
    assert call(modules, WORDS, "m.acceptedName({ name: 'hp' }, a, null).status", rows[0]) == "confirmed"


def test_what_one_axis_moved_is_no_source_of_another(modules: Page) -> None:
    moved = {"address": BYTE, "type": "u8", "verdict": "source", "score": 5, "followers": [], "reason": "stays"}
    answer = {"groups": [{"name": "Left/Right", "candidates": [moved]}], "moments": [{"at": 250}], "notes": []}
    actions = [
        typed("x"),
        {"type": "findAxis", "axis": "Left/Right"},
        {"type": "probed", "session": "a", "name": "x", "answer": answer},
    ]
    assert len(call(modules, FIND, "m.candidatesOf(a)", reduced(modules, *actions))) == 1
    turned = reduced(modules, *actions, {"type": "findAxis", "axis": "Up/Down"})
    assert call(modules, FIND, "m.candidatesOf(a)", turned) == []


def test_a_session_that_cannot_be_probed_stays_so_while_labels_change(modules: Page) -> None:
    refusal = {"type": "canProbe", "session": "a", "refusal": "No ROM with its hash."}
    assert finding_of(modules, refusal, typed("hp 23"))["unprobeable"] == "No ROM with its hash."
    assert finding_of(modules, refusal, {**refusal, "refusal": ""})["unprobeable"] == ""


def test_the_bytes_of_a_source_read_as_another_type_are_not_listed_beside_it(modules: Page) -> None:
    twice = [
        {"address": address, "type": type_name, "verdict": "source", "score": 5, "followers": [], "reason": "stays"}
        for address, type_name in ((BYTE, "u8"), (BYTE - 1, "u16be"))
    ]
    answer = {"groups": [{"name": "hp", "candidates": twice}], "moments": [{"at": 250}], "notes": []}
    mirrored = {**candidate(BYTE), "mirrors": [{"address": BYTE - 1, "type": "u16be"}]}
    probed = {"type": "probed", "session": "a", "name": "hp", "answer": answer}
    state = reduced(modules, typed("hp 23"), answered(mirrored), probed)
    assert [row["address"] for row in call(modules, FIND, "m.candidatesOf(a)", state)] == [BYTE]


def test_a_probe_is_of_the_axis_or_of_the_first_candidates_and_their_mirrors(modules: Page) -> None:
    mirrored = {**candidate(BYTE), "mirrors": [{"address": BYTE + 16, "type": "u16"}]}
    state = reduced(modules, typed("hp 23"), answered(mirrored, candidate(BYTE + 4)))
    assert call(modules, FIND, "m.probeRequest(a)", state) == {
        "poke": ["0x03000A14:u8", "0x03000A24:u16", "0x03000A18:u8"]
    }
    moved = reduced(modules, typed("x"), {"type": "findAxis", "axis": "Left/Right"})
    assert call(modules, FIND, "m.probeRequest(a)", moved) == {"axis": True}


def test_one_key_goes_to_the_picture_that_tells_most(modules: Page) -> None:
    watched = {"ranges": [[0, 400]], "labels": {}, "events": []}
    begin = (typed("hp 23"), answered(candidate(BYTE)), {"type": "findAsked"})
    assert reduced(modules, *begin, watched=watched)["selected"] == 77
    nothing = reduced(modules, typed("hp 23"), {"type": "findAsked"}, watched=watched)
    assert (nothing["selected"], nothing["notice"]) == (300, "No picture would tell more.")


LABELS: dict[str, Any] = {"context": [[0, 59, "overworld"], [80, 89, "battle"]], "scene": []}
WATCHED: dict[str, Any] = {"ranges": [[0, 119]], "labels": LABELS, "events": []}
SUGGESTED: dict[str, Any] = {
    "type": "suggestions",
    "session": "a",
    "field": "context",
    "suggestions": [
        {"first": 60, "last": 84, "value": "battle", "confidence": 0.97, "reason": "byte 03000A14 = 2"},
        {"first": 90, "last": 99, "value": "overworld", "confidence": 0.9, "reason": "byte 03000A14 = 0"},
    ],
    "disagreements": [{"first": 20, "last": 24, "label": "overworld", "value": "battle", "reason": "byte = 2"}],
    "told_by": ["03000A14"],
    "note": "",
}
SUGGESTING = ({"type": "suggestField", "field": "context"}, SUGGESTED)


def suggested(page: Page, expression: str, *actions: dict[str, Any], **start: Any) -> Any:
    state = reduced(page, *SUGGESTING, *actions, **{"watched": WATCHED, "selected": 95, **start})
    return call(page, "suggestions", expression, state)


def test_suggestions_are_open_until_their_sets_are_labelled(modules: Page) -> None:
    assert [row["sets"] for row in suggested(modules, "m.openSuggestions(a)")] == [20, 10]
    labelled = {**WATCHED, "labels": {**LABELS, "context": [[0, 119, "overworld"]]}}
    assert suggested(modules, "m.openSuggestions(a)", watched=labelled) == []
    assert len(suggested(modules, "m.openDisagreements(a)", watched=labelled)) == 1
    corrected = {**WATCHED, "labels": {**LABELS, "context": [[0, 119, "battle"]]}}
    assert suggested(modules, "m.openDisagreements(a)", watched=corrected) == []


def test_a_row_that_is_left_as_it_is_stays_out_of_the_review(modules: Page) -> None:
    assert [row["first"] for row in suggested(modules, "m.reviewRows(a)")] == [20, 60, 90]
    keep = {"type": "keepRow", "row": SUGGESTED["disagreements"][0]}
    assert [row["first"] for row in suggested(modules, "m.reviewRows(a)", keep)] == [60, 90]
    again = suggested(modules, "m.reviewRows(a)", keep, *SUGGESTING)
    assert [row["first"] for row in again] == [60, 90]


def test_suggestions_of_another_field_or_session_are_not_shown(modules: Page) -> None:
    assert suggested(modules, "m.reviewRows(a)", {"type": "suggestField", "field": "scene"}, SUGGESTED) == []
    assert suggested(modules, "m.reviewRows(a)", chosen="b") == []


def test_suggestions_are_awaited_until_an_answer_or_a_problem_has_come(modules: Page) -> None:
    other = {"type": "suggestField", "field": "scene"}
    failed = {"type": "suggestionsProblem", "session": "a", "field": "scene", "message": "The daemon is busy."}
    shown = "[m.suggestionsOf(a).isAwaited, m.suggestionsOf(a).problem]"
    assert suggested(modules, shown) == [False, ""]
    assert suggested(modules, shown, other) == [True, ""]
    assert suggested(modules, shown, other, failed) == [False, "The daemon is busy."]
    assert suggested(modules, shown, other, {**failed, "session": "b"}) == [True, ""]
    assert suggested(modules, shown, {**failed, "field": "context"}) == [False, "The daemon is busy."]
    assert len(suggested(modules, "m.reviewRows(a)", {**failed, "field": "context"})) == 3


def test_a_suggestion_in_words(modules: Page) -> None:
    words = "m.suggestionInWords(m.suggestionAt(a, a.selected))"
    assert suggested(modules, words) == "overworld, 90 %: byte 03000A14 = 0"
    assert suggested(modules, words, selected=22) == "battle instead of overworld: byte = 2"
    assert suggested(modules, words, selected=110) == ""


def test_commands_take_the_run_here_or_all_and_snap_a_run_or_all(modules: Page) -> None:
    def commands(expression: str, **start: Any) -> Any:
        state = reduced(modules, *SUGGESTING, **{"watched": WATCHED, "selected": 95, **start})
        return call(modules, "label_commands", expression, state)

    def taken(*ranges: list[int]) -> Any:
        body = {"session": "a", "field": "context", "ranges": list(ranges)}
        return [{"command": "take_suggestions", "body": body}]

    assert commands("m.takeSuggestion(a)") == taken([90, 99])
    assert commands("m.takeSuggestion(a)", selected=62) == taken([60, 84])
    assert commands("m.takeSuggestion(a)", selected=22) == taken([20, 24])
    assert commands("m.takeSuggestion(a)", selected=110) == []
    assert commands("m.takeSuggestions(a)") == taken([60, 84], [90, 99])
    run = {"ranges": [[80, 89]], "field": "context", "anchor": 80}
    assert commands("m.snapRuns(a)", selection=run)[0]["body"] == {"session": "a", "field": "context", "numbers": [80]}
    assert commands("m.snapRuns(a)")[0]["body"] == {"session": "a", "field": "context", "all": True}
