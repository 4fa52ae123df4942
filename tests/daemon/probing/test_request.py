"""A request and its answer as JSON."""

import pytest

from daemon.probing.request import (
    ProbedCandidate,
    ProbedMoment,
    ProbeGroup,
    ProbeKind,
    ProbeRequest,
    ProbeResult,
    Verdict,
)
from protocol.errors import AnalysisError


def test_a_request_is_read_as_it_is_written() -> None:
    for request in (
        ProbeRequest(session="run", kind=ProbeKind.AXIS),
        ProbeRequest(session="run", kind=ProbeKind.BUTTON, button="B"),
        ProbeRequest(session="run", kind=ProbeKind.CURSOR, at=0, rom="game.gba", core="mgba.so"),
        ProbeRequest(session="run", kind=ProbeKind.POKE, targets=("hp", "0x03000A14:u16"), name="hp", who="Ada"),
    ):
        assert ProbeRequest.from_map(request.as_map()) == request
    assert ProbeRequest.from_map({"session": "run", "poke": "hp"}).targets == ("hp",)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "is a map"),
        ({"session": "run"}, "one of axis, cursor, button and poke"),
        ({"session": "run", "axis": True, "cursor": True}, "one of axis, cursor, button and poke"),
        ({"session": "run", "axis": True, "speed": 3}, "has no 'speed'"),
        ({"axis": True}, "needs a session"),
        ({"session": 7, "axis": True}, "`session` is a text"),
        ({"session": "run", "axis": True, "at": "12"}, "`at` is the number"),
        ({"session": "run", "axis": True, "at": -1}, "`at` is the number"),
        ({"session": "run", "axis": True, "button": "A"}, "one of axis, cursor, button and poke"),
        ({"session": "run", "button": "Turbo"}, "A button is one of A, B"),
        ({"session": "run", "button": ["A"]}, "A button is one of A, B"),
        ({"session": "run", "poke": [3]}, "names or addresses"),
        ({"session": "run", "poke": ["hp"] * 65}, "at most 64"),
    ],
)
def test_what_is_no_request_is_refused_with_its_reason(given: object, sentence: str) -> None:
    with pytest.raises(AnalysisError, match=sentence):
        ProbeRequest.from_map(given)


def test_an_answer_has_everything() -> None:
    candidate = ProbedCandidate(0x3000074, "s16", Verdict.SOURCE, 12.345, 80, {"Left": -14.0}, (0x3000072,), "moves")
    group, moment = ProbeGroup("Left/Right", (candidate,)), ProbedMoment(269, ("Left/Right",), 88)
    result = ProbeResult("run", ProbeKind.AXIS, (group,), (moment,), 88, 1350, "game.gba", "mGBA", notes=("why",))
    assert result.as_map() == {
        "session": "run",
        "kind": "axis",
        "groups": [
            {
                "name": "Left/Right",
                "candidates": [
                    {
                        "address": 0x3000074,
                        "type": "s16",
                        "verdict": "source",
                        "score": 12.35,
                        "value": 80,
                        "moves": {"Left": -14.0},
                        "followers": [0x3000072],
                        "reason": "moves",
                    }
                ],
            }
        ],
        "moments": [{"at": 269, "answered": ["Left/Right"], "frames": 88}],
        "frames": 88,
        "forwarded": 1350,
        "rom": "game.gba",
        "core": "mGBA",
        "named": "",
        "notes": ["why"],
    }
