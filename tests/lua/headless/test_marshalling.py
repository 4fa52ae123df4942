"""Conversion of values between Lua and BizHawk."""

from collections.abc import Callable

import pytest

from lua.headless.costs import Costs
from lua.headless.marshalling import Marshaller, NetError, net_text, read_member, zero_indexed


class Crossing:
    """A marshaller whose Lua tables are remembered as what they were made of."""

    def __init__(self) -> None:
        self.costs = Costs()
        self.marshaller = Marshaller(self.costs, lambda content: content)  # type: ignore[arg-type,return-value]

    def text(self, function: Callable[..., object], *args: object) -> object:
        return self.marshaller.text("library.function", function)(*args)


@pytest.fixture
def crossing() -> Crossing:
    return Crossing()


def test_text_is_decoded_going_in_and_encoded_coming_out(crossing: Crossing) -> None:
    assert crossing.text(lambda word: word.upper() + "é", "grün".encode()) == "GRÜNé".encode()


def test_what_is_not_utf8_is_replaced_both_ways(crossing: Crossing) -> None:
    assert crossing.text(lambda word: word, b"a\xffb") == "a\ufffdb".encode()
    assert crossing.text(lambda: "\ud800") == b"?"
    assert net_text(b"\xe2\x82") == "\ufffd"


def test_binary_functions_are_exempt(crossing: Crossing) -> None:
    assert crossing.marshaller.binary("memory.give", lambda data: data)(b"\xff\x00") == b"\xff\x00"
    assert crossing.costs.copied == 2


@pytest.mark.parametrize("value", [5, 2.5, True, False, None])
def test_numbers_booleans_and_nil_stay_what_they_are(crossing: Crossing, value: object) -> None:
    assert crossing.text(lambda given: given, value) is value


def test_tables_cross_element_by_element(crossing: Crossing) -> None:
    assert crossing.text(lambda: [1, 2, 3]) == [1, 2, 3]
    assert crossing.text(lambda: {"A": True, 7: "x"}) == {b"A": True, 7: b"x"}
    assert crossing.text(lambda: zero_indexed(["x"])) == {0: b"x"}
    assert crossing.costs.elements == 3 + 2 + 1


def test_every_call_counts_once_even_one_that_fails(crossing: Crossing) -> None:
    library = crossing.marshaller.library("library", {"give": lambda: 1, "fail": lambda: 1 // 0})
    library[b"give"]()
    with pytest.raises(NetError):
        library[b"fail"]()
    assert crossing.costs.calls == 2


def test_calls_are_weighed_by_name_elements_and_bytes() -> None:
    costs = Costs()
    marshaller = Marshaller(costs, lambda content: content, "2.10")  # type: ignore[arg-type,return-value]

    def weight(name: str, result: object) -> float:
        costs.microseconds = 0.0
        marshaller.binary(name, lambda: result)()
        return costs.microseconds

    assert weight("memory.read_u32_le", 7) == 1.8
    assert weight("memory.read_bytes_as_array", [0] * 100) == pytest.approx(5 + 11)
    assert weight("memory.read_bytes_as_binary_string", bytes(1000)) == pytest.approx(5 + 1)
    assert weight("joypad.get", {"A": True, "B": False}) == 23


def test_a_clock_gives_the_time_of_the_calls() -> None:
    ticks = iter(range(0, 1000, 7))
    costs = Costs(lambda: next(ticks))
    call = Marshaller(costs, lambda content: content).binary("memory.give", lambda: 1)  # type: ignore[arg-type,return-value]
    call()
    call()
    assert costs.nanoseconds == 14


def test_an_error_shows_its_cause_and_nothing_else() -> None:
    error = NetError(ValueError("Größe"))
    assert error.InnerException.Message == "Größe".encode()
    assert read_member(error, b"InnerException", setting=False) == b"InnerException"
    for name, setting in ((b"args", False), (b"InnerException", True)):
        with pytest.raises(AttributeError, match="no such member"):
            read_member(error, name, setting)


def test_its_text_has_a_number_its_report_the_cause() -> None:
    error, other = NetError(ValueError("why")), NetError(ValueError("why"))
    assert str(error).startswith("A .NET exception occured in user-code: ")
    assert str(error) != str(other)
    assert error.report.endswith(" ---> why")
