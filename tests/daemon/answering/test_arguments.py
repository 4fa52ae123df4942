"""Arguments of questions: what is taken, and what is refused with a sentence."""

from typing import Any

import pytest

from daemon.answering.arguments import Arguments
from protocol.errors import AnalysisError


def arguments(**given: Any) -> Arguments:
    return Arguments(given, ("session", "address", "type", "at", "limit"))


@pytest.mark.parametrize("given", [0x0300_0A14, "03000A14", "0x3000a14", "3000A14"])
def test_an_address_is_a_number_or_hex_digits(given: int | str) -> None:
    assert arguments(address=given).address() == 0x0300_0A14


@pytest.mark.parametrize("given", [-1, 1 << 32, 1.0, True, "123456789", "hp", "", None, [1]])
def test_nothing_else_is_an_address(given: Any) -> None:
    with pytest.raises(AnalysisError, match="needs `address`"):
        arguments(address=given).address()


def test_nil_is_as_good_as_not_given() -> None:
    assert arguments(limit=None).number("limit", 7, 1, 9) == 7
    assert arguments(type=None).type().name == "u8"


@pytest.mark.parametrize("given", [0, 10, "5", 5.0, True])
def test_numbers_have_limits(given: Any) -> None:
    with pytest.raises(AnalysisError, match="`limit` is a whole number from 1 to 9"):
        arguments(limit=given).number("limit", 7, 1, 9)


def test_an_argument_too_many_is_named() -> None:
    with pytest.raises(AnalysisError, match="no argument 'colour'; it has session"):
        arguments(colour="red")
