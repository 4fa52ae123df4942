"""What Lua can read of an object of .NET."""

import pytest

from lua.headless.net_objects import NetError, member


def test_an_error_shows_its_cause_and_nothing_else() -> None:
    error = NetError(ValueError("Größe"))
    assert error.InnerException.Message == "Größe".encode()
    assert member(error, b"InnerException", setting=False) == b"InnerException"
    for name, setting in ((b"args", False), (b"InnerException", True)):
        with pytest.raises(AttributeError, match="no such member"):
            member(error, name, setting)


def test_its_text_tells_a_number_its_report_the_cause() -> None:
    error, other = NetError(ValueError("why")), NetError(ValueError("why"))
    assert str(error).startswith("A .NET exception occured in user-code: ")
    assert str(error) != str(other)
    assert error.report.endswith(" ---> why")
