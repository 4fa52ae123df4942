from typing import Any

from daemon.names.config_names import config_names
from daemon.names.named_address import NamedAddress
from resources.game_config import GameConfig
from tests.daemon.names.made import name


def names(**content: Any) -> tuple[NamedAddress, ...]:
    return config_names(GameConfig.of("fern.json", {"game": "Fern", **content}))


def test_a_config_gives_names() -> None:
    assert names(names=[{"name": "hp", "address": "02000010", "type": "u16"}, {"name": "odd"}, 7]) == (name(),)


def test_an_address_to_watch_is_called_by_its_digits() -> None:
    (watched,) = names(memory_watch=["*", "0x02000010", "02000010", {}])
    assert (watched.name, watched.type, watched.watched) == ("02000010", "u32", True)
    assert watched.evidence == ("in the game config fern.json",)


def test_what_is_neither_gives_none() -> None:
    assert names() == names(names={}, memory_watch="*") == names(names=[], memory_watch=["*"]) == ()
