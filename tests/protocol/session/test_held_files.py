"""Files that another program holds open: what that means on Windows, and elsewhere nothing."""

import pytest

from protocol.session import held_files
from protocol.session.held_files import HOLD_PATIENCE, is_held, once_more, patiently, pauses


class Held:
    """A file that is held for a while, and a clock that only sleeping moves."""

    def __init__(self, seconds: float, error: type[OSError] = PermissionError) -> None:
        self.now = 0.0
        self.tries = 0
        self._seconds, self._error = seconds, error

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def action(self) -> str:
        self.tries += 1
        if self.now < self._seconds:
            raise self._error
        return "done"


@pytest.fixture
def _windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_files, "_ON_WINDOWS", True)


@pytest.mark.usefixtures("_windows")
class TestOnWindows:
    @pytest.mark.parametrize("seconds", [0, 0.3, 5, 9.9])
    def test_what_is_held_is_done_when_it_is_let_go_of(self, seconds: float) -> None:
        file = Held(seconds)
        assert patiently(file.action, file.sleep) == "done"
        assert file.now - seconds <= 0.5

    def test_what_is_kept_is_given_up(self) -> None:
        file = Held(60)
        with pytest.raises(PermissionError):
            patiently(file.action, file.sleep)
        assert file.now == pytest.approx(HOLD_PATIENCE)
        assert file.tries < 40

    def test_another_refusal_is_final(self) -> None:
        file = Held(60, FileNotFoundError)
        with pytest.raises(FileNotFoundError):
            patiently(file.action, file.sleep)
        assert file.tries == 1

    def test_reading_is_tried_once_more(self) -> None:
        file = Held(0.005)
        assert once_more(file.action, file.sleep) == "done"
        kept = Held(60)
        with pytest.raises(PermissionError):
            once_more(kept.action, kept.sleep)
        assert kept.tries == 2

    @pytest.mark.parametrize(("number", "means_held"), [(5, True), (32, True), (33, True), (19, False)])
    def test_windows_numbers_are_told_apart(self, number: int, *, means_held: bool) -> None:
        error = PermissionError(13, "no")
        error.winerror = number  # type: ignore[attr-defined]
        assert is_held(error) is means_held


def test_elsewhere_a_missing_permission_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_files, "_ON_WINDOWS", False)
    file = Held(0.3)
    with pytest.raises(PermissionError):
        patiently(file.action, file.sleep)
    with pytest.raises(PermissionError):
        once_more(file.action, file.sleep)
    assert file.tries == 2


def test_pauses_grow() -> None:
    waits = list(pauses())
    assert sorted(waits[:-1]) == waits[:-1]
    assert sum(waits) == pytest.approx(HOLD_PATIENCE)
    assert waits[0] <= 0.02
