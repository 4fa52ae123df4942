"""Numbers and nouns in sentences."""

from pathlib import Path

import pytest

from protocol.wording import counted, how_to_install, own_fault, sentence


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 frame sets"), (1, "1 frame set"), (2, "2 frame sets"), (1200, "1,200 frame sets")]
)
def test_one_is_not_many(number: int, text: str) -> None:
    assert counted(number, "frame set") == text


@pytest.mark.parametrize("text", ["It is full", "It is full.", "Is it full?", "Full!"])
def test_a_sentence_has_one_end(text: str) -> None:
    assert sentence(text) == (text if text[-1] in ".?!" else f"{text}.")
    assert sentence(sentence(text)) == sentence(text)


def test_an_extra_is_installed_as_the_readme_says() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    for extra in ("demo", "export"):
        assert how_to_install(extra).split("` ")[0] + "`" in readme


def test_a_fault_of_ours_is_one_sentence() -> None:
    assert own_fault("store it") == "gbatrace failed to store it, which is its own fault."
    assert (
        own_fault("store it", ValueError("no"))
        == "gbatrace failed to store it, which is its own fault: ValueError('no')."
    )
