"""Recorded sessions of the demo game, for tests that learn from them."""

from pathlib import Path

import pytest

from protocol.session.reader import SessionReader
from tests.learning.recorded import record_player, record_tour

__all__ = ["data_folder", "players", "tour"]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for all tests of a run, with names of the demo game in its datasets."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def tour(data_folder: Path) -> SessionReader:
    """The demo game's tour, through every scene: 90 s, with its contexts labelled."""
    return record_tour(data_folder, "tour", frames=5400)


@pytest.fixture(scope="session")
def players(data_folder: Path) -> list[SessionReader]:
    """Three people who play for a minute each, every one in their own way, with its contexts labelled."""
    return [record_player(data_folder, f"player-{seed}", seed, frames=3600) for seed in (1, 2, 4)]
