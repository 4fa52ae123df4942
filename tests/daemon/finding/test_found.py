import json

import orjson

from daemon.analysis.value_types import value_type
from daemon.finding.forms import Form
from daemon.finding.found import Certainty, EvidenceKind, EvidenceLine, Found, FoundCandidate, Mirror

LINE = EvidenceLine(812, EvidenceKind.READING, "it was 22, shown as 23", True, -0.1)
CANDIDATE = FoundCandidate(
    4, 0x0200_0004, value_type("u8"), Form.PLUS_ONE, -1.25, 7, 22, (LINE,), (Mirror(0x0200_0010, "u16"),)
)


def test_an_answer_as_the_bus_and_http_and_the_command_line_have_it() -> None:
    found = Found("hp", (CANDIDATE,), 4.5, Certainty.CERTAIN, 900, 1234, 5, ("One.",))
    assert json.loads(orjson.dumps(found.as_map())) == {
        "name": "hp",
        "candidates": [
            {
                "address": 0x0200_0004,
                "type": "u8",
                "form": "+1",
                "score": -1.25,
                "changes": 7,
                "value": 22,
                "evidence": [
                    {"number": 812, "kind": "reading", "text": "it was 22, shown as 23", "holds": True, "nats": -0.1}
                ],
                "mirrors": [{"address": 0x0200_0010, "type": "u16"}],
            }
        ],
        "lead": 4.5,
        "certainty": "certain",
        "ask": 900,
        "considered": 1234,
        "unknown": 5,
        "problems": ["One."],
    }


def test_nothing_found_is_unsure() -> None:
    assert Found("hp").as_map()["certainty"] == "unsure"
    assert Found("hp").as_map()["ask"] is None
