"""Callbacks and their guard."""

from typing import Any

from tests.lua.machine import Machine


class Guarded:
    """A guard around a callback that fails on demand."""

    def __init__(self, lua: Machine) -> None:
        self.reports: list[str] = []
        self.given_up = 0
        self.calls = 0
        self.problem = ""
        guard = lua.require("host.callbacks")[b"guard"](self._report, self._give_up)
        self._call: Any = lua.execute(
            """
            local guard, body = ...
            return function(argument) guard:call(body, argument) end
            """,
            guard,
            self._body,
        )

    def _body(self, argument: object) -> None:
        self.calls += 1
        if self.problem:
            raise RuntimeError(self.problem)

    def _report(self, trace: bytes) -> None:
        self.reports.append(trace.decode())

    def _give_up(self) -> None:
        self.given_up += 1

    def call(self, times: int = 1, problem: str = "") -> None:
        self.problem = problem
        for _ in range(times):
            self._call(b"argument")


def test_an_error_is_reported_with_its_trace_and_goes_no_further(lua: Machine) -> None:
    guarded = Guarded(lua)
    guarded.call(1, "oh dear")
    assert "oh dear" in guarded.reports[0]
    assert "stack traceback" in guarded.reports[0]


def test_the_same_error_is_reported_once(lua: Machine) -> None:
    guarded = Guarded(lua)
    for problem in ("a", "a", "b", "a"):
        guarded.call(1, problem)
    assert [report.splitlines()[0].split(": ")[-1] for report in guarded.reports] == ["a", "b"]


def test_too_many_errors_turn_it_off_once(lua: Machine) -> None:
    guarded = Guarded(lua)
    guarded.call(20, "again")
    assert guarded.given_up == 1
    assert guarded.calls == 5
    assert len(guarded.reports) == 1


def test_errors_long_ago_are_forgiven(lua: Machine) -> None:
    guarded = Guarded(lua)
    for _ in range(10):
        guarded.call(4, "now and then")
        guarded.call(600)
    assert guarded.given_up == 0


def test_a_report_that_fails_itself_does_no_harm(lua: Machine) -> None:
    lua.execute(
        """
        local guard = require('host.callbacks').guard(error, error)
        for _ = 1, 9 do guard:call(function() error({}) end) end
        """
    )
