"""Schemas of the OpenAPI document, by name: bodies of requests and answers. Pure.

Those of sessions, frame sets and labels stand here, others in `memory_schemas`, `name_schemas`, `original_schemas`.
"""

from protocol.session.annotations import MAX_DESCRIPTION, MAX_TAGS, MAX_VALUE, TEXT_FIELDS
from webui.api.memory_schemas import memory_schemas
from webui.api.name_schemas import name_schemas
from webui.api.original_schemas import original_schemas
from webui.api.schema_parts import COUNT, NUMBER, PAIR, SIGNED, TEXT, Schema, list_schema, object_schema, ref
from webui.api.suggestion_schemas import suggestion_schemas

__all__ = ["schemas"]


def schemas() -> Schema:
    """Return every schema by name: ours, and those of the original's routes."""
    return {**_label_schemas(), **suggestion_schemas(), **memory_schemas(), **name_schemas(), **original_schemas()}


def _label_schemas() -> Schema:
    value: Schema = {"type": "string", "maxLength": MAX_VALUE}
    tags = list_schema(value, maxItems=MAX_TAGS)
    labels = {
        **dict.fromkeys(TEXT_FIELDS, value),
        "tags": tags,
        "description": {"type": "string", "maxLength": MAX_DESCRIPTION},
        "complete": {"type": "boolean"},
    }
    entry: Schema = {"type": ["integer", "null"], "description": "Number in the session's annotation history."}
    part: dict[str, Schema] = {
        "frame_sets": list_schema(NUMBER, minItems=1),
        "ranges": list_schema(PAIR, minItems=1),
        "first": NUMBER,
        "last": NUMBER,
        "seconds": {"type": "number", "minimum": 0, "description": "What was recorded in the last seconds …"},
        "until": {**NUMBER, "description": "… up to this frame set."},
        "where": {**ref("Labels"), "description": "Of the named frame sets only those with these labels."},
        "labels": ref("Labels"),
        "add_tags": tags,
        "remove_tags": tags,
    }
    option: dict[str, Schema] = {
        "label": {**value, "description": "The name that is shown."},
        "key": {"type": "string", "pattern": "^[a-z0-9]?$", "description": "Its shortcut in lists, empty for none."},
        "colour": {"type": "string", "pattern": "^(#[0-9a-f]{6})?$", "description": "Empty for the page's choice."},
        "retired": {"type": "boolean", "description": "No longer offered; labels that have it stay."},
    }
    return {
        "Problem": object_schema(["error"], error={"type": "string", "description": "One sentence."}),
        "Sessions": object_schema(["sessions"], sessions=list_schema({"type": "object"})),
        "Labels": {"type": "object", "properties": labels, "additionalProperties": False},
        "Row": object_schema(
            ["frame_set_id", "timestamp", "frames", "flaws", "change_counts", "annotations"],
            frame_set_id=NUMBER,
            timestamp={"type": ["integer", "null"], "description": "ms since the epoch."},
            frames=list_schema({"type": "integer"}),
            flaws=list_schema(TEXT),
            change_counts={"type": "object", "additionalProperties": COUNT},
            annotations=ref("Labels"),
        ),
        "Page": object_schema(
            ["frame_sets", "next"],
            frame_sets=list_schema(ref("Row")),
            next={"type": ["string", "null"], "description": "`cursor` of the next page, null after the last one."},
        ),
        "FrameSet": object_schema(
            ["frame_set_id", "screenshot", "annotations"],
            frame_set_id=NUMBER,
            screenshot={"type": "boolean"},
            annotations=ref("Labels"),
            memory_changes=list_schema({"type": "object"}),
        ),
        "Progress": object_schema(
            ["total", "complete", "partial", "unlabelled"],
            total=COUNT,
            complete=COUNT,
            partial=COUNT,
            unlabelled=COUNT,
        ),
        "Values": {"type": "object", "additionalProperties": list_schema(TEXT)},
        "Coverage": {
            "type": "object",
            "additionalProperties": list_schema({"type": "array", "minItems": 3, "maxItems": 3}),
        },
        "Statistics": _statistics(),
        "LabelSet": object_schema(
            ["game_config", "label_set", "options", "semantics", "problems"],
            game_config={**TEXT, "description": "File name of the session's game config, empty without one."},
            label_set=TEXT,
            options={"type": "object", "additionalProperties": list_schema(ref("LabelOption"))},
            semantics=list_schema({"type": "object"}),
            problems=list_schema(TEXT),
        ),
        "LabelOption": object_schema(["value", "label"], closed=False, value=value, **option),
        "Option": {
            **object_schema(
                ["field", "value"], closed=True, field={"enum": list(TEXT_FIELDS)}, value=value, **option, **SIGNED
            ),
            "description": "A new value is added; parts that are not given stay as they are.",
        },
        "Options": object_schema(["label_set", "options"], label_set=TEXT, options=list_schema(ref("LabelOption"))),
        "Edit": {
            "type": "object",
            "description": "Names its frame sets in one of four ways, or has several parts that do: one step to undo.",
            "properties": {**part, "parts": list_schema(ref("Part"), minItems=1, maxItems=64), **SIGNED},
            "additionalProperties": False,
        },
        "Part": object_schema([], closed=True, **part),
        "Edited": object_schema(
            ["entry", "changed", "missing"], entry=entry, changed=COUNT, missing=list_schema(NUMBER)
        ),
        "Latched": {"type": "object"},
        "Latch": object_schema(["labels"], closed=True, labels=ref("Labels"), **SIGNED),
        "Turn": object_schema(
            [],
            closed=True,
            at_most={**COUNT, "description": "Frame sets that may change; an edit of more is left alone."},
            **SIGNED,
        ),
        "Turned": object_schema(
            ["entry", "changed", "of"],
            entry=entry,
            changed=COUNT,
            of=entry,
            held={**COUNT, "description": "Frame sets of the edit that was left alone, if it was."},
        ),
    }


def _statistics() -> Schema:
    share: Schema = {"type": "number", "minimum": 0, "maximum": 1}
    values = list_schema(object_schema(["value", "frame_sets"], value={"type": "string"}, frame_sets=COUNT))
    buttons = list_schema(object_schema(["button", "frames"], button={"type": "string"}, frames=COUNT))
    over_time = {
        "first": {**NUMBER, "description": "Frame set at which the first part begins."},
        "step": {**COUNT, "description": "Frame sets in a part."},
        "frame_sets": list_schema(COUNT),
        "idle_share": list_schema(share),
        "changes": {
            "type": "object",
            "additionalProperties": list_schema(COUNT),
            "description": "By region, for each part.",
        },
    }
    counts = ("frame_sets", "left", "frames", "idle_frames", "flawed", "labelled", "complete")
    properties: dict[str, Schema] = {
        **dict.fromkeys(counts, COUNT),
        "left": {**COUNT, "description": "Frame sets that have still to be counted."},
        "idle_share": {**share, "description": "Share of the frames in which no button was held."},
        "minutes": {"type": "number", "minimum": 0, "description": "Of play: frames at the console's own speed."},
        "labels": {"type": "object", "additionalProperties": values, "description": "By field, most used first."},
        "changes": {"type": "object", "additionalProperties": COUNT, "description": "Memory changes by region."},
        "held": {**buttons, "description": "Most held first."},
        "over_time": object_schema(list(over_time), closed=False, **over_time),
    }
    return object_schema(list(properties), closed=False, **properties)
