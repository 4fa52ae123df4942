"""Refusals that mean a held file, and how long we wait."""

import pytest

from protocol import held_files
from protocol.held_files import HOLD_PATIENCE, is_held, pauses


@pytest.mark.parametrize(("number", "means_held"), [(5, True), (32, True), (33, True), (19, False)])
def test_windows_numbers_are_distinguished(number: int, monkeypatch: pytest.MonkeyPatch, *, means_held: bool) -> None:
    monkeypatch.setattr(held_files, "_ON_WINDOWS", True)
    error = PermissionError(13, "no")
    error.winerror = number  # type: ignore[attr-defined]
    assert is_held(error) is means_held


def test_pauses_grow() -> None:
    waits = list(pauses())
    assert sorted(waits[:-1]) == waits[:-1]
    assert sum(waits) == pytest.approx(HOLD_PATIENCE)
    assert waits[0] <= 0.02
