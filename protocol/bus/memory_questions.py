"""Questions about recorded memory: commands of the bus, limits, names of value types. Pure."""

__all__ = [
    "COMMANDS",
    "DEFAULT_CANDIDATES",
    "DEFAULT_FOUND",
    "DEFAULT_POINTS",
    "DEFAULT_ROWS",
    "MAX_CANDIDATES",
    "MAX_DISAGREEMENTS",
    "MAX_FILTERS",
    "MAX_FOUND",
    "MAX_POINTS",
    "MAX_RANGES",
    "MAX_ROWS",
    "MAX_SNAPPED",
    "MIN_POINTS",
    "ORDERS",
    "READING",
    "TYPE_NAMES",
]

READING = (
    *("memory", "values", "changes_of", "held", "search", "searches"),
    *("find", "can_probe", "probe", "queries", "suggestions", "snaps", "agreement"),
)
"""Commands that change nothing: of several that ask the same, one needs to be answered."""

COMMANDS = ("prepare", *READING, "save_search", "remove_search", "save_query", "remove_query")
"""Commands that the analysis process answers."""

MIN_POINTS = 10
DEFAULT_POINTS = 2_000
MAX_POINTS = 20_000
"""Points of a curve in one answer."""

DEFAULT_ROWS = 100
MAX_ROWS = 1_000
"""Changes of a value in one answer."""

DEFAULT_CANDIDATES = 100
MAX_CANDIDATES = 1_000
"""Candidates that are listed in one answer."""

DEFAULT_FOUND = 20
MAX_FOUND = 100
"""Candidates of a query that are listed in one answer, each with its evidence."""

MAX_FILTERS = 64
MAX_RANGES = 1_000
"""Filters of a search, and ranges of addresses that it is limited to or leaves out."""

MAX_SNAPPED = 1_000
"""Frame sets by which the runs are named whose ends are to be moved."""

MAX_DISAGREEMENTS = 2_000
"""Disagreements of two people that are listed in one answer."""

ORDERS = ("interest", "address", "changes", "value")
"""Orders in which candidates are listed; `daemon.analysis.candidates` has what they mean."""

TYPE_NAMES = (
    *("u8", "s8", "u16", "s16", "u32", "s32", "u16be", "s16be", "u32be", "s32be"),
    *("bcd8", "bcd16", "bcd32", "fixed20.12", "fixed24.8", "float32"),
)
"""Names of the value types; `daemon.analysis.value_types` has what they mean."""
