"""Arguments as they were meant."""

import pytest

from daemon.cli.arguments import repaired_arguments
from protocol.errors import SettingsError


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ('D:\\my traces"', "D:\\my traces"),
        ('D:"', "D:\\"),
        ('..\\my traces"', "..\\my traces"),
        ('\\\\nas\\traces" ', "\\\\nas\\traces"),
        ("D:\\my traces", "D:\\my traces"),
        ("D:\\", "D:\\"),
        ('label="battle"', 'label="battle"'),
        ("--no-page", "--no-page"),
        ("", ""),
    ],
)
def test_on_windows_a_path_loses_the_mark_that_its_backslash_escaped(word: str, meant: str) -> None:
    assert repaired_arguments(["serve", word], windows=True) == ["serve", meant]


def test_words_that_became_part_of_a_path_are_reported() -> None:
    with pytest.raises(SettingsError) as caught:
        repaired_arguments(["serve", "--data", 'D:\\my traces" --no-page'], windows=True)
    assert str(caught.value) == (
        'Leave out the backslash at the end of "D:\\my traces\\": before a quotation mark it makes what follows part '
        "of the name."
    )


def test_elsewhere_a_name_may_hold_a_quotation_mark() -> None:
    assert repaired_arguments(['/tmp/a\\b"'], windows=False) == ['/tmp/a\\b"']
