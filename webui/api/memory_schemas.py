"""Schemas of the OpenAPI document for recorded memory. Pure."""

from protocol.bus.memory_questions import (
    DEFAULT_CANDIDATES,
    DEFAULT_FOUND,
    MAX_CANDIDATES,
    MAX_FILTERS,
    MAX_FOUND,
    MAX_RANGES,
    ORDERS,
    TYPE_NAMES,
)
from protocol.regions import MAX_REGIONS
from protocol.session.annotations import FIELD_NAMES
from webui.api.schema_parts import (
    COUNT,
    NUMBER,
    PAIR,
    TEXT,
    Schema,
    list_schema,
    object_schema,
    ref,
    whole_object_schema,
)

__all__ = ["memory_schemas"]


def memory_schemas() -> Schema:
    """Return the schemas by name."""
    return {
        "MemoryValues": object_schema(
            ["numbers", "values", "total"],
            closed=True,
            numbers=list_schema(NUMBER),
            values=list_schema({"type": ["number", "null"]}),
            total={**COUNT, "description": "Points that there are; fewer where they were too many."},
        ),
        "MemoryChanges": _memory_changes(),
        "HeldSets": object_schema(
            ["sets"],
            closed=True,
            sets={**list_schema(PAIR), "description": "First and last of each run of frame sets."},
        ),
        "Search": object_schema([], closed=True, **_search_fields(), **_shown_fields()),
        "Found": _found(),
        "SavedSearch": object_schema(["name"], closed=True, name=TEXT, **_search_fields()),
        "SavedSearches": object_schema(["searches"], searches=list_schema(ref("SavedSearch"))),
        "FindQuery": object_schema(["name"], closed=True, **_query_fields(), limit=_limit(1, MAX_FOUND, DEFAULT_FOUND)),
        "FoundVariable": _found_variable(),
        "CanProbe": whole_object_schema(refusal={**TEXT, "description": "Empty where its ROM is known."}),
        "Probe": _probe(),
        "Probed": _probed(),
        "Query": object_schema(["name"], closed=True, **_query_fields()),
        "SavedQueries": object_schema(["queries"], queries=list_schema(ref("Query"))),
    }


def _query_fields() -> dict[str, Schema]:
    """Describe a query as it is asked and kept."""
    text_or_null: Schema = {"type": ["string", "null"]}
    return {
        "name": {**TEXT, "description": "Name of what is sought."},
        "readings": {
            **list_schema(TEXT),
            "description": "Numbers read off pictures: `812=23`; `812=23 live` where it was typed while playing.",
        },
        "events": {
            **list_schema(TEXT),
            "description": "Keys pressed when it changed: `up@900`, `down@900,1033`, `changed@900 paused`.",
        },
        "axis": {**text_or_null, "description": "Opposite buttons that move it: `Left/Right`."},
        "field": {
            **text_or_null,
            "description": f"Label field whose value it tells: one of {', '.join(FIELD_NAMES)}.",
        },
    }


def _memory_changes() -> Schema:
    value: Schema = {"type": ["number", "null"], "description": "null where it is not known, or none of the type."}
    row = {
        "frame_set_id": NUMBER,
        "frame": COUNT,
        "timestamp": {"type": "integer", "description": "ms since the epoch."},
        "buttons": {**TEXT, "description": "Buttons held, joined by `+`."},
        "pc": {"type": ["string", "null"], "description": "Program counter after the frame set, null if not recorded."},
        "previous": value,
        "current": value,
        "recorded": {
            "type": "boolean",
            "description": "False where the value only became known, or came with a savestate.",
        },
    }
    return object_schema(
        ["rows", "total", "next", "sets"],
        closed=True,
        rows=list_schema(object_schema(list(row), closed=True, **row)),
        total=COUNT,
        next={"type": ["integer", "null"], "description": "`cursor` of the next page, null after the last one."},
        sets={**list_schema(PAIR), "description": "Frame sets in which it changed: first and last of those in a row."},
    )


def _search_fields() -> dict[str, Schema]:
    """Describe a search as it is asked and saved."""
    filters = object_schema(["filter"], closed=True, filter=TEXT, on={"type": "boolean"})
    addresses = list_schema({**TEXT, "description": "Address or range: `03000000..030000FF`."}, maxItems=MAX_RANGES)
    return {
        "where": {**list_schema(filters, maxItems=MAX_FILTERS), "description": "Filters, see the specification."},
        "types": {
            **list_schema({"enum": list(TYPE_NAMES)}, maxItems=len(TYPE_NAMES)),
            "description": "All by default.",
        },
        "regions": {**list_schema(TEXT, maxItems=MAX_REGIONS), "description": "All by default."},
        "ranges": {**addresses, "description": "Only among these."},
        "excluded": {**addresses, "description": "Not among these."},
        "aligned": {"type": "boolean", "description": "Only values at multiples of their size."},
    }


def _shown_fields() -> dict[str, Schema]:
    moment = {"anyOf": [NUMBER, TEXT], "description": "Moment whose values are shown, the last by default."}
    limit = _limit(0, MAX_CANDIDATES, DEFAULT_CANDIDATES)
    return {"at": moment, "order": {"enum": list(ORDERS)}, "limit": limit}


def _limit(least: int, greatest: int, default: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": greatest, "default": default}


def _found_variable() -> Schema:
    nats = {"type": "number", "description": "Natural logarithm of a probability."}
    line = {
        "number": {**NUMBER, "description": "Frame set of the label."},
        "kind": {"enum": ["reading", "event", "axis", "state"]},
        "text": TEXT,
        "holds": {"type": "boolean", "description": "False where the candidate contradicts the label."},
        "nats": {**nats, "description": "Its part of the score."},
    }
    mirror = {"address": COUNT, "type": TEXT}
    candidate = {
        "address": COUNT,
        "type": TEXT,
        "form": {**TEXT, "description": "The number on the screen against the stored one: `=`, `+1`, `-1`, `x10`, …"},
        "score": nats,
        "changes": COUNT,
        "value": {"type": ["number", "null"], "description": "At the end of the recording."},
        "evidence": list_schema(object_schema(list(line), closed=True, **line)),
        "mirrors": {
            **list_schema(object_schema(list(mirror), closed=True, **mirror)),
            "description": "Values that follow it.",
        },
    }
    found = {
        "name": TEXT,
        "candidates": list_schema(object_schema(list(candidate), closed=True, **candidate)),
        "lead": {**nats, "description": "Score of the first less that of the second."},
        "certainty": {"enum": ["certain", "likely", "unsure"]},
        "ask": {"type": ["integer", "null"], "description": "Frame set whose picture would tell most."},
        "considered": {**COUNT, "description": "Candidates that have a score."},
        "unknown": {**COUNT, "description": "Addresses among them that are not known at one of the labels."},
        "problems": {**list_schema(TEXT), "description": "Sentences on labels that look wrong or cannot be used."},
    }
    return object_schema(list(found), closed=True, **found)


def _probe() -> Schema:
    return object_schema(
        [],
        closed=True,
        axis={"type": "boolean", "description": "Find what the arrows move."},
        cursor={"type": "boolean", "description": "Find the cursor of a menu."},
        button={**TEXT, "description": "Find what this button moves: `A`."},
        poke={**list_schema(TEXT), "description": "Names or addresses to poke: `hp`, `0x03000A14:u16`."},
        at={**NUMBER, "description": "Frame set to begin after; chosen unless it is given."},
        name={**TEXT, "description": "Name that the source gets, as confirmed."},
        who={**TEXT, "description": "Name of the person who gives it."},
    )


def _probed() -> Schema:
    candidate = {
        "address": COUNT,
        "type": TEXT,
        "verdict": {"enum": ["source", "stays", "copy", "unknown"]},
        "score": {"type": "number"},
        "value": {"type": ["number", "null"]},
        "moves": {"type": "object", "additionalProperties": {"type": "number"}, "description": "By what was held."},
        "followers": {**list_schema(COUNT), "description": "Addresses that followed a poke."},
        "reason": TEXT,
    }
    group = {"name": TEXT, "candidates": list_schema(object_schema(list(candidate), closed=True, **candidate))}
    moment = {"at": NUMBER, "answered": list_schema(TEXT), "frames": COUNT}
    return whole_object_schema(
        session=TEXT,
        kind={"enum": ["axis", "cursor", "button", "poke"]},
        groups=list_schema(object_schema(list(group), closed=True, **group)),
        moments=list_schema(object_schema(list(moment), closed=True, **moment)),
        frames={**COUNT, "description": "Frames that were emulated from the moments."},
        forwarded={**COUNT, "description": "Frames that were played to get there."},
        rom=TEXT,
        core=TEXT,
        named={**TEXT, "description": "The name that was given; empty for none."},
        notes=list_schema(TEXT),
    )


def _found() -> Schema:
    value: Schema = {"type": ["number", "null"]}
    some: Schema = {"type": ["integer", "null"], "description": "null while the filter is off."}
    counts = {"filter": TEXT, "on": {"type": "boolean"}, "passes": some, "unknown": some}
    candidate = {
        "address": COUNT,
        "region": TEXT,
        "type": TEXT,
        "also": {**list_schema(TEXT), "description": "Other types that pass there."},
        "value": value,
        "changes": COUNT,
        "curve": object_schema(["numbers", "values"], numbers=list_schema(NUMBER), values=list_schema(value)),
    }
    return object_schema(
        ["at", "left", "addresses", "unknown", "filters", "candidates", "left_out", "hint"],
        at=NUMBER,
        left={**COUNT, "description": "Addresses with their types that are left."},
        addresses={**COUNT, "description": "Addresses among them."},
        unknown={**COUNT, "description": "Addresses that cannot be judged, as a value is not known."},
        filters=list_schema(object_schema(list(counts), closed=True, **counts)),
        candidates=list_schema(object_schema(list(candidate), closed=True, **candidate)),
        left_out={**COUNT, "description": "Changes that no filter sees, as they lie in no region."},
        hint={**TEXT, "description": "Why nothing is left; empty where something is."},
    )
