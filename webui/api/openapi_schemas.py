"""Schemas of the OpenAPI document, by name: bodies of requests and answers. Pure."""

from typing import Any

from protocol.bus.memory_questions import (
    DEFAULT_CANDIDATES,
    MAX_CANDIDATES,
    MAX_FILTERS,
    MAX_RANGES,
    ORDERS,
    TYPE_NAMES,
)
from protocol.link.messages import MAX_SET
from protocol.regions import MAX_REGIONS
from protocol.session.annotations import MAX_DESCRIPTION, MAX_TAGS, MAX_VALUE, TEXT_FIELDS

__all__ = ["NAME_FORMATS", "NUMBER", "Schema", "ref", "schemas"]

Schema = dict[str, Any]

NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_SET}
NAME_FORMATS = ("json", "wch", "stable-retro", "ra-notes", "ra-user")
"""Forms in which the daemon writes names."""

_LAYER: Schema = {"enum": ["own", "config", "shipped"], "description": "A person's own, the game config's, shipped."}
_SIGNED: Schema = {
    "who": {
        "type": "string",
        "description": "Name of the person or program that edits; undo and redo concern edits of the same name.",
    },
    "origin": {"type": "string", "description": "Kind of client: `api` unless it is given."},
    "command_id": {"type": "string", "description": "With it the command may be sent again and is carried out once."},
}


def ref(name: str) -> Schema:
    """Refer to a schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas() -> Schema:
    """Return every schema by name: ours, and those of the original's routes."""
    return {**_our_schemas(), **_name_schemas(), **_original_schemas()}


def _our_schemas() -> Schema:
    text: Schema = {"type": "string"}
    value: Schema = {"type": "string", "maxLength": MAX_VALUE}
    tags = _list(value, maxItems=MAX_TAGS)
    count: Schema = {"type": "integer", "minimum": 0}
    labels = {
        **dict.fromkeys(TEXT_FIELDS, value),
        "tags": tags,
        "description": {"type": "string", "maxLength": MAX_DESCRIPTION},
        "complete": {"type": "boolean"},
    }
    entry: Schema = {"type": ["integer", "null"], "description": "Number in the session's annotation history."}
    pair: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
    part: dict[str, Schema] = {
        "frame_sets": _list(NUMBER, minItems=1),
        "ranges": _list(pair, minItems=1),
        "first": NUMBER,
        "last": NUMBER,
        "seconds": {"type": "number", "minimum": 0, "description": "What was recorded in the last seconds …"},
        "until": {**NUMBER, "description": "… up to this frame set."},
        "labels": ref("Labels"),
        "add_tags": tags,
        "remove_tags": tags,
    }
    return {
        "Problem": _object(["error"], error={"type": "string", "description": "One sentence."}),
        "Sessions": _object(["sessions"], sessions=_list({"type": "object"})),
        "Labels": {"type": "object", "properties": labels, "additionalProperties": False},
        "Row": _object(
            ["frame_set_id", "timestamp", "frames", "flaws", "change_counts", "annotations"],
            frame_set_id=NUMBER,
            timestamp={"type": ["integer", "null"], "description": "ms since the epoch."},
            frames=_list({"type": "integer"}),
            flaws=_list(text),
            change_counts={"type": "object", "additionalProperties": count},
            annotations=ref("Labels"),
        ),
        "Page": _object(
            ["frame_sets", "next"],
            frame_sets=_list(ref("Row")),
            next={"type": ["string", "null"], "description": "`cursor` of the next page, null after the last one."},
        ),
        "FrameSet": _object(
            ["frame_set_id", "screenshot", "annotations"],
            frame_set_id=NUMBER,
            screenshot={"type": "boolean"},
            annotations=ref("Labels"),
            memory_changes=_list({"type": "object"}),
        ),
        "Progress": _object(
            ["total", "complete", "partial", "unlabelled"],
            total=count,
            complete=count,
            partial=count,
            unlabelled=count,
        ),
        "Values": {"type": "object", "additionalProperties": _list(text)},
        "Coverage": {"type": "object", "additionalProperties": _list({"type": "array", "minItems": 3, "maxItems": 3})},
        "Statistics": _statistics(count),
        "LabelSet": _object(
            ["game_config", "label_set", "options", "semantics", "problems"],
            game_config={**text, "description": "File name of the session's game config, empty without one."},
            label_set=text,
            options={"type": "object", "additionalProperties": _list({"type": "object"})},
            semantics=_list({"type": "object"}),
            problems=_list(text),
        ),
        "MemoryValues": _object(
            ["numbers", "values", "total"],
            closed=True,
            numbers=_list(NUMBER),
            values=_list({"type": ["number", "null"]}),
            total={**count, "description": "Points that there are; fewer where they were too many."},
        ),
        "MemoryChanges": _memory_changes(text, count),
        "Search": _object([], closed=True, **_search_fields(text), **_shown_fields(text)),
        "Found": _found(text, count),
        "SavedSearch": _object(["name"], closed=True, name=text, **_search_fields(text)),
        "SavedSearches": _object(["searches"], searches=_list(ref("SavedSearch"))),
        "Edit": {
            "type": "object",
            "description": "Names its frame sets in one of four ways, or has several parts that do: one step to undo.",
            "properties": {**part, "parts": _list(ref("Part"), minItems=1, maxItems=64), **_SIGNED},
            "additionalProperties": False,
        },
        "Part": _object([], closed=True, **part),
        "Edited": _object(["entry", "changed", "missing"], entry=entry, changed=count, missing=_list(NUMBER)),
        "Latched": {"type": "object"},
        "Latch": _object(["labels"], closed=True, labels=ref("Labels"), **_SIGNED),
        "Turn": _object([], closed=True, **_SIGNED),
        "Turned": _object(["entry", "changed", "of"], entry=entry, changed=count, of=entry),
    }


def _memory_changes(text: Schema, count: Schema) -> Schema:
    value: Schema = {"type": ["number", "null"], "description": "null where it is not known, or none of the type."}
    row = {
        "frame_set_id": NUMBER,
        "frame": count,
        "timestamp": {"type": "integer", "description": "ms since the epoch."},
        "buttons": {**text, "description": "Buttons held, joined by `+`."},
        "pc": {"type": ["string", "null"], "description": "Program counter after the frame set, null if not recorded."},
        "previous": value,
        "current": value,
        "recorded": {
            "type": "boolean",
            "description": "False where the value only became known, or came with a savestate.",
        },
    }
    pair: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
    return _object(
        ["rows", "total", "next", "sets"],
        closed=True,
        rows=_list(_object(list(row), closed=True, **row)),
        total=count,
        next={"type": ["integer", "null"], "description": "`cursor` of the next page, null after the last one."},
        sets={**_list(pair), "description": "Frame sets in which it changed: first and last of those in a row."},
    )


def _search_fields(text: Schema) -> dict[str, Schema]:
    """Describe a search as it is asked and saved."""
    filters = _object(["filter"], closed=True, filter=text, on={"type": "boolean"})
    addresses = _list({**text, "description": "Address or range: `03000000..030000FF`."}, maxItems=MAX_RANGES)
    return {
        "where": {**_list(filters, maxItems=MAX_FILTERS), "description": "Filters, see the specification."},
        "types": {**_list({"enum": list(TYPE_NAMES)}, maxItems=len(TYPE_NAMES)), "description": "All by default."},
        "regions": {**_list(text, maxItems=MAX_REGIONS), "description": "All by default."},
        "ranges": {**addresses, "description": "Only among these."},
        "excluded": {**addresses, "description": "Not among these."},
        "aligned": {"type": "boolean", "description": "Only values at multiples of their size."},
    }


def _shown_fields(text: Schema) -> dict[str, Schema]:
    moment = {"anyOf": [NUMBER, text], "description": "Moment whose values are shown, the last by default."}
    limit: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_CANDIDATES, "default": DEFAULT_CANDIDATES}
    return {"at": moment, "order": {"enum": list(ORDERS)}, "limit": limit}


def _found(text: Schema, count: Schema) -> Schema:
    value: Schema = {"type": ["number", "null"]}
    some: Schema = {"type": ["integer", "null"], "description": "null while the filter is off."}
    counts = {"filter": text, "on": {"type": "boolean"}, "passes": some, "unknown": some}
    candidate = {
        "address": count,
        "region": text,
        "type": text,
        "also": {**_list(text), "description": "Other types that pass there."},
        "value": value,
        "changes": count,
        "curve": _object(["numbers", "values"], numbers=_list(NUMBER), values=_list(value)),
    }
    return _object(
        ["at", "left", "addresses", "unknown", "filters", "candidates", "left_out", "hint"],
        at=NUMBER,
        left={**count, "description": "Addresses with their types that are left."},
        addresses={**count, "description": "Addresses among them."},
        unknown={**count, "description": "Addresses that cannot be judged, as a value is not known."},
        filters=_list(_object(list(counts), closed=True, **counts)),
        candidates=_list(_object(list(candidate), closed=True, **candidate)),
        left_out={**count, "description": "Changes that no filter sees, as their addresses are no aligned words."},
        hint={**text, "description": "Why nothing is left; empty where something is."},
    )


def _statistics(count: Schema) -> Schema:
    share: Schema = {"type": "number", "minimum": 0, "maximum": 1}
    values = _list(_object(["value", "frame_sets"], value={"type": "string"}, frame_sets=count))
    buttons = _list(_object(["button", "frames"], button={"type": "string"}, frames=count))
    over_time = {
        "first": {**NUMBER, "description": "Frame set at which the first part begins."},
        "step": {**count, "description": "Frame sets in a part."},
        "frame_sets": _list(count),
        "idle_share": _list(share),
        "changes": {"type": "object", "additionalProperties": _list(count), "description": "By region, for each part."},
    }
    counts = ("frame_sets", "left", "frames", "idle_frames", "flawed", "labelled", "complete")
    properties: dict[str, Schema] = {
        **dict.fromkeys(counts, count),
        "left": {**count, "description": "Frame sets that have still to be counted."},
        "idle_share": {**share, "description": "Share of the frames in which no button was held."},
        "minutes": {"type": "number", "minimum": 0, "description": "Of play: frames at the console's own speed."},
        "labels": {"type": "object", "additionalProperties": values, "description": "By field, most used first."},
        "changes": {"type": "object", "additionalProperties": count, "description": "Memory changes by region."},
        "held": {**buttons, "description": "Most held first."},
        "over_time": _object(list(over_time), closed=False, **over_time),
    }
    return _object(list(properties), closed=False, **properties)


def _name_schemas() -> Schema:
    text: Schema = {"type": "string"}
    count: Schema = {"type": "integer", "minimum": 0}
    notes = {**_list(text), "description": "Sentences on what could not be done as it was given."}
    meanings: Schema = {"type": "object", "additionalProperties": text}
    scale: Schema = {
        "type": "object",
        "description": "How a value is shown: value * factor + offset, and the unit.",
        "properties": {"factor": {"type": "number"}, "offset": {"type": "number"}, "unit": text},
        "additionalProperties": False,
    }
    fields: dict[str, Schema] = {
        "name": {**text, "description": "Unique in the game."},
        "address": {"type": ["integer", "string"], "description": "On the bus, of the first byte; hex as a text."},
        "type": {**text, "description": "Value type: `u8`, `s16`, `u32be`, `bcd16`, `fixed20.12`, `float32`, …"},
        "scale": scale,
        "values": {**meanings, "description": "Meaning of single values, by number."},
        "bits": {**meanings, "description": "Meaning of single bits, by number, 0 the lowest."},
        "note": text,
        "status": {"enum": ["guess", "certain", "confirmed"]},
        "evidence": _list(text),
        "watched": {"type": "boolean", "description": "Whether its values are shown while playing."},
        "alarm": {**text, "description": "Alarm, such as `< 5` or `< 5 then latch context=danger`; empty for none."},
    }
    signed = {key: _SIGNED[key] for key in ("who", "origin")}
    previous = {**text, "description": "The name as it was, to rename it or to give it another address."}
    entry = _object(["name", "address", "type", "status"], closed=False, **fields, who=text, layer=_LAYER)
    return {
        "NameEntry": {**entry, "description": "Fields that say nothing are left out."},
        "Names": _all(book=text, game=text, rom_hash=text, names=_list(ref("NameEntry")), notes=notes),
        "GivenName": {
            **_object(["name"], closed=True, **fields, **signed, previous=previous),
            "description": "A new name needs address and type; fields that are not given stay as they are.",
        },
        "Named": _all(book=text, name=ref("NameEntry"), notes=notes),
        "Unnamed": _all(book=text, name=ref("NameEntry")),
        "NameList": _object(["text"], closed=True, text=text, file={**text, "description": "Its name."}, **signed),
        "ImportedNames": _all(book=text, added=count, changed=count, unchanged=count, notes=notes),
        "ExportedNames": _all(file=text, text=text, named=count, notes=notes),
    }


def _original_schemas() -> Schema:
    text: Schema = {"type": "string"}
    count: Schema = {"type": "integer", "minimum": 0}
    options = {"type": "array", "items": _all(value=text, label=text)}
    frames: Schema = {"type": "array", "items": {"type": ["integer", "string"]}}
    labels: Schema = {"type": "object", "description": "As in `annotations.json`; tags may be a text with commas."}
    return {
        "Frames": _all(
            frames={
                "type": "array",
                "items": _all(frame=NUMBER, annotated={"type": "boolean"}, partial={"type": "boolean"}),
            },
            filter=text,
            total_filtered=count,
        ),
        "FrameEvent": _all(timestamp={}, pc={}, current_keys={}, annotations={"type": ["object", "null"]}),
        "FrameContext": _all(annotations={"type": "object"}),
        "FrameContexts": _all(contexts={"type": "array", "items": ref("FrameContext")}),
        "AnnotationConfig": _all(
            context_options=options, action_options=options, intent_options=options, outcome_options=options
        ),
        "Counts": _all(total=count, complete=count, partial=count),
        "Used": {"type": "object", "additionalProperties": {"type": "array", "items": text}},
        "Annotate": _all(frames=frames, annotation=labels),
        "Annotated": {
            **_all(success={"const": True}, annotated=frames, failed=frames),
            "description": "`failed` are frame sets that do not exist, `ignored` fields that gbatrace does not know.",
        },
        "GivenFields": labels,
        "Applied": _all(success={"const": True}),
    }


def _object(required: list[str], *, closed: bool = False, **properties: Schema) -> Schema:
    schema: Schema = {"type": "object", "required": required, "properties": properties}
    return {**schema, "additionalProperties": False} if closed else schema


def _all(**properties: Schema) -> Schema:
    """Describe an object that has all of these."""
    return _object(list(properties), closed=False, **properties)


def _list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}
