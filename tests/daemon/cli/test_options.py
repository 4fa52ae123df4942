"""Dataclasses spread into options."""

from dataclasses import dataclass, field
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from daemon.cli.options import Only, split_values, spread_options


@dataclass(frozen=True)
class Size:
    width: Annotated[int, typer.Option("--wide", help="Width.")] = 3


@dataclass(frozen=True)
class Frame:
    wood: str


@dataclass(frozen=True)
class Window:
    title: Annotated[str, typer.Option(help="Title.")]
    size: Size = field(default_factory=Size)
    hidden: str = "not offered"
    frame: "Frame" = field(default_factory=lambda: Frame("oak"))
    depth: Annotated[int, typer.Option(help="Depth.")] = 1


def run(*words: str) -> list[object]:
    """Run a command that takes a window, and a second one with some of its fields."""
    given: list[object] = []
    app = typer.Typer()

    @app.command()
    @spread_options
    def show(
        name: str, window: Window, wall: Annotated[Size, Only()], loud: Annotated[bool, typer.Option()] = False
    ) -> None:
        given.extend([name, window, wall, loud])

    @app.command()
    @spread_options
    def flat(window: Annotated[Window, Only("title", "depth")]) -> None:
        given.append(window)

    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return given


def test_fields_are_options_with_their_own_defaults() -> None:
    assert run("show", "hall", "--title", "a") == ["hall", Window("a"), Size(), False]
    words = ("show", "hall", "--title", "a", "--wide", "7", "--depth", "2", "--loud")
    assert run(*words) == ["hall", Window("a", Size(7), depth=2), Size(), True]


def test_only_what_is_offered_is_an_option() -> None:
    assert run("flat", "--title", "a", "--depth", "5") == [Window("a", depth=5)]
    for words in (("--wide", "7"), ("--hidden", "x")):
        with pytest.raises(AssertionError, match="No such option"):
            run("flat", "--title", "a", *words)


def test_a_field_without_default_must_be_given() -> None:
    with pytest.raises(AssertionError, match="--title"):
        run("flat")


def test_a_misspelled_field_fails_at_once() -> None:
    def misspelled(window: Annotated[Window, Only("titel")]) -> None: ...

    with pytest.raises(KeyError, match="titel"):
        spread_options(misspelled)


def test_values_are_split_at_commas_wherever_they_are_given() -> None:
    assert split_values(["u8, u16", "bcd8", ","]) == ["u8", "u16", "bcd8"]
    assert split_values(None) == []
