from resources.demo.pack.errors import SourceError


def test_it_says_what_it_was_told() -> None:
    assert str(SourceError("font.txt:3: a row is missing")) == "font.txt:3: a row is missing"
