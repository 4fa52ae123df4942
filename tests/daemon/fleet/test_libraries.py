import sys

import pytest

from daemon.fleet.libraries import require
from protocol.errors import FleetError


def test_a_library_that_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(FleetError, match=r"needs ray, which is not installed.*\[fleet\].*64 bit"):
        require("ray")


def test_a_library_that_is_there_is_imported() -> None:
    assert require("fsspec.core").__name__ == "fsspec.core"
