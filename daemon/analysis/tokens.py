"""Tokens of the search grammar, and errors that name their place in the text. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from protocol.errors import FilterError

__all__ = ["Token", "TokenKind", "TokenReader", "quoted"]


class TokenKind(StrEnum):
    """Kinds of tokens, as an error names them."""

    TEXT = "a text in quotation marks"
    ORDINAL = "an ordinal such as #3"
    CLOCK = "a time such as 12:31.5"
    NUMBER = "a number"
    WORD = "a word"
    RANGE = ".."
    END = ";"
    COMPARISON = "a comparison"
    AT = "@"


_PATTERNS = {
    TokenKind.TEXT: r'"(?:[^"\\\r\n]|\\["\\])*"',
    TokenKind.ORDINAL: r"#[0-9]+(?!\w)",
    TokenKind.CLOCK: r"[0-9]+(?::[0-9]{2}){1,2}(?:\.[0-9]+)?(?!\w)",
    TokenKind.NUMBER: r"[-+]?(?:0[xX][0-9A-Fa-f]+|[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?!\w)",
    TokenKind.WORD: r"\w(?:[\w\[\]+-]|\.(?!\.))*",
    TokenKind.RANGE: r"\.\.",
    TokenKind.END: r"[;\r\n]",
    TokenKind.COMPARISON: r"[<>!]=|[=<>]",
    TokenKind.AT: r"@",
}
_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS.items()))
_LONGEST_NUMBER = 64
"""Characters that a number may have: far more than any value needs, and few enough for every calculation."""

_NUMBERS = frozenset({TokenKind.ORDINAL, TokenKind.CLOCK, TokenKind.NUMBER})
_BLANKS = re.compile(r"[^\S\r\n]*")
_ESCAPED = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text.

    Args:
        kind: its kind.
        text: its characters, of a quoted text those between the marks.
        start: place of its first character in the whole text.
    """

    kind: TokenKind
    text: str
    start: int


def quoted(text: str) -> str:
    """Write a text as one token: in quotation marks where it is no plain word.

    A dot at its end would become a part of the `..` that may follow.
    """
    found = _TOKEN.match(text)
    if found and found[0] == text and found.lastgroup == TokenKind.WORD.name and not text.endswith("."):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


class TokenReader:
    """Reader of the tokens of a text, one after the other.

    Args:
        text: filters, separated by `;` or line breaks.

    Raises:
        FilterError: a character belongs to no token, or a number is too long to be one.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = 0
        self._tokens: list[Token] = []
        place = self._after_blanks(0)
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None or found.lastgroup is None:
                raise self._unreadable(place)
            kind = TokenKind[found.lastgroup]
            if kind in _NUMBERS and len(found[0]) > _LONGEST_NUMBER:
                raise self._error(place, f"the number that begins there has more than {_LONGEST_NUMBER} characters")
            plain = _ESCAPED.sub(r"\1", found[0][1:-1]) if kind is TokenKind.TEXT else found[0]
            self._tokens.append(Token(kind, plain, place))
            place = self._after_blanks(found.end())

    @property
    def ahead(self) -> Token | None:
        """The next token; None at the end of the text."""
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    @property
    def is_at_end(self) -> bool:
        """True at the end of a filter: before a `;`, a line break or the end of the text."""
        return self.ahead is None or self.ahead.kind is TokenKind.END

    def take(self, *kinds: TokenKind) -> Token | None:
        """Take the next token if it is of one of these kinds."""
        token = self.ahead
        if token is None or token.kind not in kinds:
            return None
        self._next += 1
        return token

    def take_word(self, *words: str) -> str | None:
        """Take the next token if it is one of these words, in whatever case it is written."""
        token = self.ahead
        if token is None or token.kind is not TokenKind.WORD or token.text.lower() not in words:
            return None
        self._next += 1
        return token.text.lower()

    def step_back(self) -> None:
        """Return to the token before, so that an error names it."""
        self._next -= 1

    def error(self, wanted: str) -> FilterError:
        """Make the error that something else stands at the present place.

        Args:
            wanted: what would be right there, with an article.
        """
        token = self.ahead
        if token is None or token.kind is TokenKind.END:
            return self._error(len(self._text) if token is None else token.start, f"{wanted} is missing")
        return self._error(token.start, f"{wanted} must stand instead of {self._shown(token)}")

    def _shown(self, token: Token) -> str:
        return f'"{token.text[:60]}"'

    def _unreadable(self, place: int) -> FilterError:
        character = self._text[place]
        if character == '"':
            return self._error(place, "the text that begins there has no second quotation mark")
        return self._error(place, f"{character!r} has no meaning there: put names and labels into quotation marks")

    def _error(self, place: int, problem: str) -> FilterError:
        return FilterError(f"In `{self._text.strip()[:200]}`, at character {place + 1}: {problem}.")

    def _after_blanks(self, place: int) -> int:
        found = _BLANKS.match(self._text, place)
        return found.end() if found else place
