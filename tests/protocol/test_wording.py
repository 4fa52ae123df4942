"""Numbers and nouns in sentences."""

import pytest

from protocol.wording import counted, sentence


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 frame sets"), (1, "1 frame set"), (2, "2 frame sets"), (1200, "1,200 frame sets")]
)
def test_one_is_not_many(number: int, text: str) -> None:
    assert counted(number, "frame set") == text


@pytest.mark.parametrize("text", ["It is full", "It is full.", "Is it full?", "Full!"])
def test_a_sentence_has_one_end(text: str) -> None:
    assert sentence(text) == (text if text[-1] in ".?!" else f"{text}.")
    assert sentence(sentence(text)) == sentence(text)
