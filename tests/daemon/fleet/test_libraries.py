import os
import sys
from types import ModuleType

import pytest

from daemon.fleet import libraries
from daemon.fleet.libraries import import_ray, require
from protocol.errors import FleetError


def test_a_library_that_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(FleetError, match=r"needs ray, which is not installed.*\[fleet\].*64 bit"):
        require("ray")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment, without settings of Ray, whose module is empty."""
    found: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", found)
    monkeypatch.setattr(libraries, "import_module", ModuleType)
    monkeypatch.delitem(sys.modules, "ray", raising=False)
    return found


def test_a_ray_of_this_machine_takes_no_strangers_and_sends_no_statistics(environment: dict[str, str]) -> None:
    import_ray(starts=True)
    assert (environment["RAY_USAGE_STATS_ENABLED"], environment["RAY_AUTH_MODE"]) == ("0", "token")


def test_a_ray_that_read_its_settings_before_keeps_them(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
    import_ray(starts=True)
    assert "RAY_AUTH_MODE" not in environment


def test_a_cluster_keeps_its_own_way_of_authentication(environment: dict[str, str]) -> None:
    import_ray(starts=False)
    assert environment["RAY_USAGE_STATS_ENABLED"] == "0"
    assert "RAY_AUTH_MODE" not in environment


def test_a_setting_of_the_environment_stays(environment: dict[str, str]) -> None:
    environment["RAY_USAGE_STATS_ENABLED"] = "1"
    import_ray(starts=False)
    assert environment["RAY_USAGE_STATS_ENABLED"] == "1"


def test_a_library_that_is_there_is_imported() -> None:
    assert require("fsspec.core").__name__ == "fsspec.core"
