import sys
from typing import Any

import pytest

from daemon.fleet.cluster import ray_cluster
from protocol.errors import FleetError


class FakeModule:
    """Module `ray` that only begins and ends."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: dict[str, Any] = {}
        self.is_up = False
        self._error = error

    def init(self, **options: Any) -> None:
        self.asked = options
        if self._error:
            raise self._error
        self.is_up = True

    def shutdown(self) -> None:
        self.is_up = False


def test_ray_is_started_small_and_quiet_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeModule()
    monkeypatch.setitem(sys.modules, "ray", ray)
    with ray_cluster("", 4):
        assert ray.is_up
        assert (ray.asked["num_cpus"], ray.asked["include_dashboard"]) == (4, False)
    assert not ray.is_up


def test_a_cluster_is_found_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeModule()
    monkeypatch.setitem(sys.modules, "ray", ray)
    with ray_cluster("ray://head:10001", 4):
        assert ray.asked["address"] == "ray://head:10001"
        assert "num_cpus" not in ray.asked


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", FakeModule(ConnectionError("no answer in 30 s")))
    with (
        pytest.raises(FleetError, match=r"the cluster at ray://head:10001: no answer in 30 s\."),
        ray_cluster("ray://head:10001", None),
    ):
        pass
