"""Numbers, nouns and commands in sentences for a person. Pure."""

__all__ = ["counted", "how_to_install", "own_fault", "sentence"]


def counted(number: int, noun: str) -> str:
    """Write how many there are of something: `1 frame set`, `1,200 frame sets`.

    Args:
        number: how many.
        noun: for one of them, with a plural in `s`.
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def how_to_install(extra: str) -> str:
    """Write the command that installs one of our extras.

    It is that of the README: `pip` alone is often not on the path.

    Args:
        extra: its name in pyproject.toml.
    """
    return f'`python -m pip install -e ".[{extra}]"` in gbatrace\'s folder'


def own_fault(doing: str, error: BaseException | None = None) -> str:
    """Write that gbatrace failed by a fault in its own code.

    Args:
        doing: at which it failed, such as `store something`.
        error: the exception, where it is to be shown.
    """
    return sentence(f"gbatrace failed to {doing}, which is its own fault{f': {error!r}' if error else ''}")


def sentence(text: str) -> str:
    """End a text with a full stop, unless it ends like a sentence already.

    Reasons that are put into a sentence of ours may be whole sentences themselves.
    """
    return text if text.endswith((".", "!", "?")) else f"{text}."
