"""Commands that write suggested labels: how they reach the label files, their history, undo."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from daemon.suggesting.service import SuggestionService
from tests.daemon.labels.test_service import Room, room

ANSWERS: dict[str, Any] = {
    "suggestions": {
        "field": "context",
        "suggestions": [{"first": 2, "last": 9, "value": "battle", "confidence": 1.0, "reason": "byte 03000A14 = 2"}],
        "disagreements": [],
    },
    "snaps": {
        "field": "context",
        "moves": [
            {"first": 20, "last": 22, "label": "shop", "value": "battle", "reason": "byte changes there"},
            {"first": 30, "last": 31, "label": "", "value": "shop", "reason": "byte changes there"},
        ],
    },
}


class Analysis:
    """Answers as the analysis process gives them, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    async def ask(self, command: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append((command, arguments))
        answer: Mapping[str, Any] = ANSWERS[command]
        return answer


def last_entry(at: Room) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(at.folder.annotation_history.read_bytes().splitlines()[-1])
    return entry


async def test_taken_suggestions_are_labels_that_say_where_they_come_from(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        analysis = Analysis()
        take = SuggestionService(analysis.ask, at.service).handlers()["take_suggestions"]
        await at.label(5, labels={"context": "shop"})
        done = await take({"session": "run", "field": "context", "who": "ann", "origin": "page"})
        assert done == {"entry": 2, "changed": 7}
        assert analysis.asked == [("suggestions", {"session": "run", "field": "context"})]
        assert [at.labels(number).context for number in (1, 2, 5, 9, 10)] == ["", "battle", "shop", "battle", ""]
        entry = last_entry(at)
        assert (entry["who"], entry["origin"], entry["reason"]) == ("ann", "suggestion", "byte 03000A14 = 2")
        assert await at.turn("undo") == {"entry": 3, "changed": 7, "of": 2}
        assert at.labels(2).context == ""


async def test_all_ends_that_move_are_one_undo(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        analysis = Analysis()
        snap = SuggestionService(analysis.ask, at.service).handlers()["snap"]
        await at.label(*range(20, 24), labels={"context": "shop"})
        done = await snap({"session": "run", "field": "context", "numbers": [21], "who": "ann"})
        assert done["changed"] == 5
        assert analysis.asked == [("snaps", {"session": "run", "field": "context", "numbers": [21]})]
        assert [at.labels(number).context for number in (20, 22, 23, 30)] == ["battle", "battle", "shop", "shop"]
        assert last_entry(at)["origin"] == "snap"
        await at.turn("undo")
        assert [at.labels(number).context for number in (20, 23, 30)] == ["shop", "shop", ""]


@pytest.mark.parametrize(("command", "meant"), [("take_suggestions", {}), ("snap", {"all": True})])
async def test_a_command_that_is_sent_twice_answers_as_the_first_time(
    tmp_path: Path, command: str, meant: dict[str, Any]
) -> None:
    async with room(tmp_path) as at:
        sent = {"session": "run", "field": "context", "who": "ann", "command_id": "once", **meant}
        done = await SuggestionService(Analysis().ask, at.service).handlers()[command](sent)
        assert done["changed"] > 0

        async def nothing_left(question: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
            return {**ANSWERS[question], "suggestions": [], "moves": []}

        again = SuggestionService(nothing_left, at.service).handlers()[command]
        assert await again(sent) == done
        assert await again({**sent, "command_id": "another"}) == {"entry": None, "changed": 0}


async def test_nothing_to_do_is_no_entry(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        take = SuggestionService(Analysis().ask, at.service).handlers()["take_suggestions"]
        done = await take({"session": "run", "field": "context", "ranges": [[40, 50]], "who": "ann"})
        assert done == {"entry": None, "changed": 0}
        assert not at.folder.annotation_history.exists()
