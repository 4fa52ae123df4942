"""Names for tests: any that there can be, as a strategy."""

from unicodedata import normalize

from hypothesis import strategies as st

from daemon.analysis.value_types import VALUE_TYPES
from daemon.names.named_address import NamedAddress, Scale, Status
from protocol.console import GBA

__all__ = ["NAMES", "TEXTS", "books", "name"]

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "M")), max_size=40).map(
    lambda text: " ".join(normalize("NFC", text).split())
)
"""Texts of one line, composed and without blanks around them."""

_NAMES = TEXTS.filter(bool)


@st.composite
def _names(draw: st.DrawFn) -> NamedAddress:
    kind = draw(st.sampled_from(list(VALUE_TYPES)))
    width = VALUE_TYPES[kind].width
    region = draw(st.sampled_from(GBA.regions))
    offset = draw(st.integers(0, region.size - width))
    meanings = st.dictionaries(st.integers(-(1 << 31), (1 << 32) - 1), _NAMES, max_size=3)
    bits = st.dictionaries(st.integers(0, 8 * width - 1), _NAMES, max_size=3)
    scales = st.builds(
        Scale,
        st.floats(-1e6, 1e6).filter(bool),
        st.floats(-1e6, 1e6),
        st.sampled_from(["", "px", "HP"]),
    )
    return NamedAddress(
        draw(_NAMES),
        region.base + offset,
        kind,
        scale=draw(st.just(Scale()) | scales),
        values=dict(sorted(draw(meanings).items())),
        bits=dict(sorted(draw(bits).items())),
        note=draw(TEXTS),
        status=draw(st.sampled_from(Status)),
        evidence=tuple(dict.fromkeys(draw(st.lists(_NAMES, max_size=2)))),
        watched=draw(st.booleans()),
        alarm=draw(TEXTS),
        who=draw(TEXTS),
    )


NAMES = _names()
"""Any name that lies in recorded memory, with a note of one line."""


def books() -> st.SearchStrategy[list[NamedAddress]]:
    """Lists of names, each name and each address once."""
    return st.lists(NAMES, min_size=1, max_size=5, unique_by=(lambda one: one.name, lambda one: one.address))


def name(called: str = "hp", address: int = 0x0200_0010, kind: str = "u16", **fields: object) -> NamedAddress:
    """Make a name."""
    return NamedAddress(called, address, kind, **fields)  # type: ignore[arg-type]
