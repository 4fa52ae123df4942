"""Texts from outside: composed, without control characters, of bounded length."""

import unicodedata

__all__ = ["checked_name", "checked_text", "is_control", "plain_text"]


def checked_text(holder: str, value: object, longest: int, error: type[Exception], allowed: str = "") -> str:
    """Check a text that came from outside.

    Args:
        holder: what holds the text, as a sentence begins: `The label field scene`.
        value: the text.
        longest: most characters.
        error: class of the error.
        allowed: control characters that it may hold.

    Returns:
        The text in Unicode's composed form (NFC), without blanks around it.

    Raises:
        Exception: of the class that is given: it is no text, too long, or holds control characters.
    """
    if not isinstance(value, str):
        raise error(f"{holder} holds text.")
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > longest:
        raise error(f"{holder} holds at most {longest} characters, this text has {len(text)}.")
    if not text.isprintable() and any(is_control(char) and char not in allowed for char in text):
        raise error(f"{holder} holds no control characters, such as NUL or a line feed.")
    return text


def checked_name(holder: str, value: object, longest: int, error: type[Exception]) -> str:
    """Check a name that came from outside: a text, as by `checked_text`, that is not empty.

    Raises:
        Exception: of the class that is given.
    """
    name = checked_text(holder, value, longest, error)
    if not name:
        raise error(f"{holder} is not empty.")
    return name


def plain_text(text: str, allowed: str = "") -> str:
    """Take control characters out of a text; line feeds become blanks unless they are allowed.

    Args:
        text: any.
        allowed: control characters that stay.
    """
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text if allowed else text.replace("\n", " ").replace("\t", " ")
    return "".join(char for char in text if not is_control(char) or char in allowed)


def is_control(char: str) -> bool:
    """Return whether a character is of C0 or C1, or a lone surrogate."""
    return unicodedata.category(char) in {"Cc", "Cs"}
