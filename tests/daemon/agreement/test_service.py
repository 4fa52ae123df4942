"""Agreement read from stored sessions: people who label through the daemon's service, and copies of a session."""

import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from daemon.agreement.service import compared_people, compared_sessions
from daemon.labels.service import LabelService
from protocol.errors import AnalysisError, SessionError
from protocol.session.layout import session_folder
from tests.daemon.analysis.stored_session import StoredSession
from tests.fakes.background import running_background

SESSION = "evening"


class Labellers:
    """People who label a session of ten frame sets."""

    def __init__(self, service: LabelService) -> None:
        self.service = service

    async def label(self, who: str, first: int, last: int, session: str = SESSION, **labels: str) -> dict[str, Any]:
        command = {"session": session, "who": who, "first": first, "last": last, "labels": labels}
        return await self.service.label(command)


@contextlib.asynccontextmanager
async def labelling(data: Path) -> AsyncIterator[Labellers]:
    StoredSession(data).store(*range(10))
    async with running_background() as background:
        service = LabelService(data, background, lambda *_: None, lambda *_: None, lambda: 5)
        yield Labellers(service)
        service.release()


async def test_two_people_who_label_the_same_stretch_are_compared_where_they_agree_too(tmp_path: Path) -> None:
    async with labelling(tmp_path) as people:
        await people.label("ann", 0, 7, context="battle")
        confirmed = await people.label("ben", 0, 3, context="battle")
        assert confirmed == {"entry": 2, "changed": 0, "missing": []}
        await people.label("ben", 4, 9, context="menu")
        await people.label("ann", 8, 9, context="menu")
        await people.service.undo({"session": SESSION, "who": "eve"})
    found = compared_people(tmp_path, SESSION)
    assert found["people"] == [{"who": "ann", "sets": 10}, {"who": "ben", "sets": 10}]
    assert found["compared"] == ["ann", "ben"]
    # 6 of 10 agree; by chance (8 * 4 + 2 * 6) / 10 = 4.4.
    assert found["fields"][0] == {
        "field": "context",
        "compared": 10,
        "agreed": 6,
        "kappa": pytest.approx(1.6 / 5.6),
        "only": [0, 0],
    }
    assert found["disagreements"] == [{"field": "context", "first": 4, "last": 7, "labels": ["battle", "menu"]}]
    assert (found["total"], found["left_out"]) == (1, 0)
    assert compared_people(tmp_path, SESSION, "ben", "ann")["disagreements"][0]["labels"] == ["menu", "battle"]
    with pytest.raises(AnalysisError, match="eve has labelled nothing in session evening; who has: ann, ben"):
        compared_people(tmp_path, SESSION, "ann", "eve")


async def test_a_value_given_twice_is_noted_once_others_label_too_and_is_no_step_of_undo(tmp_path: Path) -> None:
    async with labelling(tmp_path) as people:
        await people.label("ann", 0, 3, context="battle")
        assert (await people.label("ann", 0, 3, context="battle"))["entry"] is None
        assert compared_people(tmp_path, SESSION)["compared"] == ["ann"]
        command = {"session": SESSION, "who": "ben", "first": 0, "last": 5, "labels": {"context": "battle"}}
        assert (await people.service.label({**command, "command_id": "x"}))["changed"] == 2
        assert (await people.service.label({**command, "command_id": "x"}))["changed"] == 2
        assert (await people.label("ben", 0, 5, context="battle"))["changed"] == 0
        assert await people.service.undo({"session": SESSION, "who": "ben"}) == {"entry": 4, "changed": 2, "of": 2}
    lines = session_folder(tmp_path, SESSION).annotation_history.read_text("utf-8").splitlines()
    assert [json.loads(line).get("confirmed") for line in lines] == [
        None,
        [{"field": "context", "value": "battle", "ranges": [[0, 3]]}],
        [{"field": "context", "value": "battle", "ranges": [[0, 5]]}],
        None,
    ]
    assert compared_people(tmp_path, SESSION)["fields"][0]["agreed"] == 4


async def test_two_sessions_of_the_same_play_are_compared_set_by_set(tmp_path: Path) -> None:
    async with labelling(tmp_path) as people:
        await people.label("ann", 0, 5, context="battle")
        shutil.copytree(tmp_path / SESSION, tmp_path / "copy")
        session_folder(tmp_path, "copy").label_lock.unlink(missing_ok=True)
        await people.label("ben", 4, 9, "copy", context="menu")
    shutil.rmtree(session_folder(tmp_path, "copy").frame_set(0))
    found = compared_sessions(tmp_path, SESSION, "copy")
    assert (found["compared"], found["left_out"], found["people"]) == ([SESSION, "copy"], 1, [])
    assert found["fields"][0] == {"field": "context", "compared": 5, "agreed": 3, "kappa": 0.0, "only": [0, 4]}
    assert found["disagreements"] == [{"field": "context", "first": 4, "last": 5, "labels": ["battle", "menu"]}]


def test_sessions_of_other_plays_are_refused(tmp_path: Path) -> None:
    StoredSession(tmp_path).store(*range(3))
    StoredSession(tmp_path, "night", uuid="2").store(*range(5, 9))
    with pytest.raises(AnalysisError, match="evening and night are not of the same play"):
        compared_sessions(tmp_path, SESSION, "night")
    with pytest.raises(SessionError):
        compared_sessions(tmp_path, SESSION, "nowhere")
    assert compared_people(tmp_path, SESSION)["compared"] == []
