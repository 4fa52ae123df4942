"""The daemon's options."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from daemon.settings import Settings
from protocol.errors import SettingsError


def test_everything_but_the_data_folder_has_a_default_and_nobody_else_is_let_in() -> None:
    default = Settings(data_folder=Path("data"))
    assert (default.host, default.web_host) == ("127.0.0.1", "127.0.0.1")
    assert (default.link_port, default.bus_port, default.command_port, default.web_port) == (9999, 9990, 9991, 5000)


@pytest.mark.parametrize("option", ["link_port", "bus_port", "command_port", "web_port"])
@pytest.mark.parametrize("port", [-1, 65536, 1 << 40])
def test_a_port_that_cannot_be_is_named(option: str, port: int) -> None:
    name = "--" + option.replace("_", "-")
    with pytest.raises(SettingsError, match=f"{name} is {port}, it must be 0 to 65535"):
        Settings(data_folder=Path("data"), **{option: port})  # type: ignore[arg-type]


@pytest.mark.parametrize(("option", "value"), [("link_port", 0), ("bus_port", 65535), ("web_port", None)])
def test_a_port_may_be_any_other(option: str, value: Any) -> None:
    assert getattr(Settings(data_folder=Path("data"), **{option: value}), option) == value


@pytest.mark.parametrize("patience", [-0.1, -math.inf, math.nan])
def test_patience_is_not_negative(patience: float) -> None:
    with pytest.raises(SettingsError, match="--lost-patience"):
        Settings(data_folder=Path("data"), lost_patience=patience)


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings(data_folder=Path("data")).link_port = 1  # type: ignore[misc]
