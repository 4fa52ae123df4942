"""A Lua state for each test of the script."""

import pytest

from tests.lua.machine import Machine


@pytest.fixture
def lua() -> Machine:
    """A fresh Lua state that finds the script's modules."""
    return Machine()
