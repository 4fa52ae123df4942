"""Edits of label sets by the bus, on real files."""

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import resources
from daemon.labels.label_sets import LabelSetService
from protocol.bus.messages import Topic
from protocol.errors import ConfigError, LabelError
from protocol.session.layout import session_folder
from tests.fakes.background import running_background


class Room:
    """The service, and what the bus carries."""

    def __init__(self, service: LabelSetService, published: list[Any]) -> None:
        self.service = service
        self.published = published

    async def edit(self, value: object, field: str = "context", **parts: object) -> dict[str, Any]:
        header = {"session": "run", "who": "ann", "origin": "page"}
        return await self.service.edit_label_set({**header, "field": field, "value": value, **parts})


@contextlib.asynccontextmanager
async def room(data: Path, config: str = "") -> AsyncIterator[Room]:
    folder = session_folder(data, "run")
    folder.path.mkdir()
    folder.metadata.write_text(json.dumps({"session_id": "run", "game_config": config}), "utf-8")
    published: list[Any] = []
    async with running_background() as background:
        yield Room(LabelSetService(data, background, lambda *one: published.append(one)), published)


async def test_the_first_edit_copies_the_set_that_ships(tmp_path: Path) -> None:
    own = tmp_path / "label_sets" / "default.json"
    async with room(tmp_path) as at:
        answer = await at.edit("battle", label="Fight", colour="#b03838")
        assert answer["label_set"] == "default"
        assert answer["options"][0] == {"value": "battle", "label": "Fight", "key": "b", "colour": "#b03838"}
        await at.edit("overw", retired=True)
        await at.edit("overw", retired=True)
        assert at.published[0] == (
            Topic.LABEL_SETS,
            "default",
            {"label_set": "default", "who": "ann", "origin": "page"},
        )
    written, shipped = json.loads(own.read_bytes()), json.loads((resources.label_sets() / own.name).read_bytes())
    assert written["fields"]["context"]["options"][-1] == {"value": "overw", "label": "overw", "retired": True}
    assert written["fields"]["intent"] == shipped["fields"]["intent"]
    assert written["version"] == shipped["version"] + 3


async def test_the_set_of_the_game_is_meant(tmp_path: Path) -> None:
    async with room(tmp_path, "metabots_rokusho.json") as at:
        assert (await at.edit("left_arm_select", field="intent", key="l"))["label_set"] == "medabots"
    assert [path.name for path in (tmp_path / "label_sets").glob("*.json")] == ["medabots.json"]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"key": "!"}, "a letter or a digit"),
        ({"label": " "}, "is not empty"),
        ({"retired": 1}, "true or false"),
        ({"colour": "red"}, "as #5cb0f8"),
        ({"shape": "round"}, "no 'shape' here"),
        ({"value": ""}, "is not empty"),
    ],
)
async def test_what_is_wrong_is_refused(tmp_path: Path, parts: dict[str, Any], told: str) -> None:
    async with room(tmp_path) as at:
        with pytest.raises(LabelError, match=told):
            await at.edit(**{"value": "battle", **parts})
    assert not (tmp_path / "label_sets").exists()


async def test_a_damaged_file_and_a_session_that_is_not_there_are_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "label_sets" / "default.json"
    own.parent.mkdir()
    own.write_bytes(b"{")
    async with room(tmp_path) as at:
        with pytest.raises(ConfigError, match=r"default\.json is not JSON"):
            await at.edit("battle", label="Fight")
        assert (own.read_bytes(), at.published) == (b"{", [])
        with pytest.raises(LabelError, match="no session gone"):
            await at.service.edit_label_set({"session": "gone", "field": "context", "value": "x"})
