"""The OpenAPI 3.1 document of the HTTP interface. Pure. A test compares it with what the interface does."""

from typing import Any

from protocol.link.messages import MAX_SET
from protocol.session.annotations import MAX_DESCRIPTION, MAX_TAGS, MAX_VALUE, TEXT_FIELDS
from webui.api.openapi_original import original_paths, original_schemas
from webui.archive.index_rows import STATUSES

__all__ = ["DEFAULT_LIMIT", "MAX_LIMIT", "describe"]

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
"""Frame sets in one page of a listing."""

Schema = dict[str, Any]

_NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_SET}
_SIGNED: Schema = {
    "who": {"type": "string", "description": "Name of the person or program; everybody undoes their own edits."},
    "origin": {"type": "string", "description": "From where; `api` unless it is given."},
    "command_id": {"type": "string", "description": "With it the command may be sent again and is carried out once."},
}


def describe(version: str) -> Schema:
    """Make the document.

    Args:
        version: of the package.
    """
    set_path = "/api/sessions/{session}/frame_sets/{number}"
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "gbatrace",
            "version": version,
            "description": "Sessions, frame sets and labels of a data folder. Whatever goes wrong is told in `error`.",
        },
        "paths": {
            "/api/sessions": {"get": _get("List all sessions, newest first.", _ref("Sessions"), [], missing=False)},
            "/api/sessions/{session}/frame_sets": {
                "get": _get("List frame sets that pass a filter, ascending, a page at a time.", _ref("Page"), _query())
            },
            set_path: {"get": _get("One frame set with its memory changes and labels.", _ref("FrameSet"), [_PLACE])},
            f"{set_path}/image": {"get": _picture("The frame set's screenshot.", "image/png")},
            f"{set_path}/thumbnail": {"get": _picture("A small picture of 120 x 80 pixels.", "image/webp")},
            "/api/sessions/{session}/progress": {"get": _get("Count what is labelled.", _ref("Progress"), [])},
            "/api/sessions/{session}/values": {"get": _get("Values used so far, by field.", _ref("Values"), [])},
            "/api/sessions/{session}/coverage": {"get": _get("Runs of equal values, by field.", _ref("Coverage"), [])},
            "/api/sessions/{session}/statistics": {
                "get": _get(
                    "Count what the session is made of; ask again while `left` is not 0.", _ref("Statistics"), []
                )
            },
            "/api/sessions/{session}/label_set": {"get": _get("Options, hotkeys, meanings.", _ref("LabelSet"), [])},
            "/api/sessions/{session}/labels": {
                "post": _post("Give labels to frame sets, field by field.", _ref("Edit"), _ref("Edited"))
            },
            "/api/sessions/{session}/latch": {
                "post": _post("Let values flow onto every new frame set.", _ref("Latch"), {"type": "object"})
            },
            "/api/sessions/{session}/undo": {
                "post": _post("Take back the last edit of `who`.", _ref("Turn"), _ref("Turned"))
            },
            "/api/sessions/{session}/redo": {
                "post": _post("Do the last undone edit of `who` again.", _ref("Turn"), _ref("Turned"))
            },
            **original_paths(),
        },
        "components": {"schemas": {**_schemas(), **original_schemas()}},
    }


_SESSION: Schema = {"name": "session", "in": "path", "required": True, "schema": {"type": "string"}}
_PLACE: Schema = {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema, description: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _answers(**answers: Schema) -> Schema:
    problems = {"400": "It means nothing.", "404": "It is not there.", "503": "The daemon is not there."}
    return {
        **{code.removeprefix("_"): answer for code, answer in answers.items()},
        **{code: _json(_ref("Problem"), text) for code, text in problems.items()},
    }


def _get(summary: str, schema: Schema, parameters: list[Schema], *, missing: bool = True) -> Schema:
    return {
        "summary": summary,
        "parameters": [*([_SESSION] if missing else []), *parameters],
        "responses": _answers(_200=_json(schema, "There it is.")),
    }


def _picture(summary: str, kind: str) -> Schema:
    answer = {"description": "The picture.", "content": {kind: {"schema": {"type": "string", "format": "binary"}}}}
    return {"summary": summary, "parameters": [_SESSION, _PLACE], "responses": _answers(_200=answer)}


def _post(summary: str, body: Schema, schema: Schema) -> Schema:
    return {
        "summary": summary,
        "parameters": [_SESSION],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": _answers(_200=_json(schema, "Done.")),
    }


def _query() -> list[Schema]:
    text: Schema = {"type": "string"}
    schemas: dict[str, tuple[Schema, str]] = {
        "status": ({"enum": list(STATUSES)}, "How far it is labelled."),
        **dict.fromkeys(TEXT_FIELDS, (text, "Exactly this value; empty for none.")),
        "tags": (text, "Has this tag; empty for none."),
        "text": (text, "Found in any text of the labels."),
        "marked": ({"type": "boolean"}, "Somebody dropped a mark there."),
        "first": (_NUMBER, "From this frame set on."),
        "last": (_NUMBER, "Up to this frame set."),
        "cursor": (_NUMBER, "`next` of the page before."),
        "limit": ({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}, "Sets in a page."),
    }
    return [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
        for name, (schema, description) in schemas.items()
    ]


def _object(required: list[str], *, closed: bool = False, **properties: Schema) -> Schema:
    schema: Schema = {"type": "object", "required": required, "properties": properties}
    return {**schema, "additionalProperties": False} if closed else schema


def _statistics(count: Schema) -> Schema:
    share: Schema = {"type": "number", "minimum": 0, "maximum": 1}
    values = _list(_object(["value", "frame_sets"], value={"type": "string"}, frame_sets=count))
    buttons = _list(_object(["button", "frames"], button={"type": "string"}, frames=count))
    over_time = {
        "first": {**_NUMBER, "description": "Frame set at which the first part begins."},
        "step": {**count, "description": "Frame sets in a part."},
        "frame_sets": _list(count),
        "idle_share": _list(share),
        "changes": {"type": "object", "additionalProperties": _list(count), "description": "By region, for each part."},
    }
    counts = ("frame_sets", "left", "frames", "idle_frames", "flawed", "labelled", "complete")
    properties: dict[str, Schema] = {
        **dict.fromkeys(counts, count),
        "left": {**count, "description": "Frame sets that have still to be counted."},
        "idle_share": {**share, "description": "Share of the frames at which no button was held."},
        "minutes": {"type": "number", "minimum": 0, "description": "Of play: frames at the console's own speed."},
        "labels": {"type": "object", "additionalProperties": values, "description": "By field, most used first."},
        "changes": {"type": "object", "additionalProperties": count, "description": "Memory changes by region."},
        "held": {**buttons, "description": "Most held first."},
        "over_time": _object(list(over_time), closed=False, **over_time),
    }
    return _object(list(properties), closed=False, **properties)


def _list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def _schemas() -> Schema:
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
    pair: Schema = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
    part: dict[str, Schema] = {
        "frame_sets": _list(_NUMBER, minItems=1),
        "ranges": _list(pair, minItems=1),
        "first": _NUMBER,
        "last": _NUMBER,
        "seconds": {"type": "number", "minimum": 0, "description": "What was recorded in the last seconds …"},
        "until": {**_NUMBER, "description": "… up to this frame set."},
        "labels": _ref("Labels"),
        "add_tags": tags,
        "remove_tags": tags,
    }
    return {
        "Problem": _object(["error"], error={"type": "string", "description": "One sentence."}),
        "Sessions": _object(["sessions"], sessions=_list({"type": "object"})),
        "Labels": {"type": "object", "properties": labels, "additionalProperties": False},
        "Row": _object(
            ["frame_set_id", "timestamp", "frames", "flaws", "change_counts", "annotations"],
            frame_set_id=_NUMBER,
            timestamp={"type": ["integer", "null"], "description": "ms since the epoch."},
            frames=_list({"type": "integer"}),
            flaws=_list(text),
            change_counts={"type": "object", "additionalProperties": count},
            annotations=_ref("Labels"),
        ),
        "Page": _object(
            ["frame_sets", "next"],
            frame_sets=_list(_ref("Row")),
            next={"type": ["string", "null"], "description": "`cursor` of the next page, null after the last one."},
        ),
        "FrameSet": _object(
            ["frame_set_id", "screenshot", "annotations"],
            frame_set_id=_NUMBER,
            screenshot={"type": "boolean"},
            annotations=_ref("Labels"),
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
        "Edit": {
            "type": "object",
            "description": "Names its frame sets in one of four ways, or has several parts that do: one step to undo.",
            "properties": {**part, "parts": _list(_ref("Part"), minItems=1, maxItems=64), **_SIGNED},
            "additionalProperties": False,
        },
        "Part": _object([], closed=True, **part),
        "Edited": _object(["entry", "changed", "missing"], entry=entry, changed=count, missing=_list(_NUMBER)),
        "Latch": _object(["labels"], closed=True, labels=_ref("Labels"), **_SIGNED),
        "Turn": _object([], closed=True, **_SIGNED),
        "Turned": _object(["entry", "changed", "of"], entry=entry, changed=count, of=entry),
    }
