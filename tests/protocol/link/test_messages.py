"""The vocabulary of the link."""

import dataclasses
import typing

import pytest

from protocol.link import messages
from protocol.link.messages import EVENT_NAMES, Kind, Message, Reply


def spoken() -> list[type]:
    return [*typing.get_args(Message), *typing.get_args(Reply)]


def test_each_kind_is_one_message() -> None:
    assert [name.title().replace("_", "") for name in Kind.__members__] == [message.__name__ for message in spoken()]


def test_the_emulators_kinds_are_below_64_and_the_daemons_are_not() -> None:
    of_emulator = len(typing.get_args(Message))
    assert [kind < 64 for kind in Kind] == [place < of_emulator for place in range(len(Kind))]


@pytest.mark.parametrize("message", [*spoken(), messages.ChunkChanges, messages.Command], ids=lambda cls: cls.__name__)
def test_a_message_is_a_value(message: type) -> None:
    assert dataclasses.is_dataclass(message)
    blank = message(**{field.name: field.name for field in dataclasses.fields(message)})
    assert blank == dataclasses.replace(blank)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(blank, dataclasses.fields(message)[0].name, "other")


def test_event_names_are_distinct() -> None:
    assert len(set(EVENT_NAMES)) == len(EVENT_NAMES)
