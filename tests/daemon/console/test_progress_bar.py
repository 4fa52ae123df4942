"""A progress bar where a person can see it."""

import pytest

from daemon.console.progress_bar import progress_bar


@pytest.mark.parametrize("shown", [True, False])
def test_where_nobody_sees_it_nothing_is_shown(capsys: pytest.CaptureFixture[str], shown: bool) -> None:
    with progress_bar("importing", 10, shown=shown) as advance:
        advance(10)
    assert "importing" not in "".join(capsys.readouterr())


def test_a_person_sees_how_far_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar("importing", 10, shown=True) as advance:
        advance(10)
    assert "importing" in capsys.readouterr().err
