import pytest

from daemon.finding.forms import Form


@pytest.mark.parametrize(
    ("form", "stored", "shown"),
    [("=", 23, 23), ("+1", 22, 23), ("-1", 24, 23), ("x10", 12, 120), ("x100", 3, 300)],
)
def test_stored_and_shown(form: str, stored: int, shown: int) -> None:
    assert Form(form).shown(stored) == shown
    assert Form(form).stored(shown) == stored


def test_a_number_that_is_never_shown_is_stored_as_no_whole_number() -> None:
    assert Form.TIMES_TEN.stored(23) == 2.3
