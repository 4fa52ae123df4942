"""Recorded sessions of the demo game, for tests that learn from them."""

from pathlib import Path

import pytest

import resources
from protocol.session.reader import SessionReader
from tests.learning.recorded import record_inputs

__all__ = ["data_folder", "tour"]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for all tests of a run, with names of the demo game in its datasets."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def tour(data_folder: Path) -> SessionReader:
    """The demo game's tour, through every scene: 90 s, with its contexts labelled."""
    return record_inputs(data_folder, "tour", resources.demo_tour(), frames=5400)
