"""The part of the OpenAPI document that describes the original's routes. Pure."""

from typing import Any

from protocol.link.messages import MAX_SET

__all__ = ["AGGREGATES", "FRAME_FILTERS", "PAGE_SIZE", "original_paths", "original_schemas"]

AGGREGATES = ("context", "scene", "tags", "action", "action_type", "intent", "outcome")
"""Fields whose values are listed by `/api/aggregate/`."""

FRAME_FILTERS = ("all", "complete", "partial", "not_annotated")

PAGE_SIZE = 50
"""Frame sets in one answer of `/api/frame_contexts` where the request does not say."""

Schema = dict[str, Any]

_TAG = "the original's routes"
_NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_SET}


def original_paths() -> Schema:
    """Describe the routes by path; a session may be left out where there is a path without it: the newest is meant."""
    contexts = [
        _query("start", _NUMBER, "From this frame set on."),
        _query("page_size", _NUMBER, f"Frame sets in the answer, {PAGE_SIZE} unless it is given, at most 500."),
        _query("filter", {"enum": ["ALL", "ANNOTATED", "PARTIALLY_ANNOTATED", "NOT_ANNOTATED"]}, "How far labelled."),
    ]
    field = _path("field", {"enum": [*AGGREGATES, "actions", "all"]})
    apply_field = [
        _query("field", {"type": "string"}, "A label field; without it the body says which."),
        _query("value", {"type": "string"}, "Its value."),
    ]
    return {
        "/{session}": {"get": _operation("The page at that session.", [_session()], "text/html")},
        **_optional("/api/frames", "", "Frame sets and how far they are labelled.", "Frames", [_frames_filter()]),
        **_optional("/api/frame_event", "/{number}", "Time, program counter, buttons, labels.", "FrameEvent"),
        **_optional("/api/frame_context", "/{number}", "`event.json` with the labels.", "FrameContext"),
        **_optional("/api/frame_image", "/{number}", "The screenshot.", "", answer="image/png"),
        **_optional("/static/annotation_config.json", "", "Options of the label fields.", "AnnotationConfig"),
        "/api/frame_contexts/{session}": {
            "get": _operation("Frame sets a page at a time.", [_session(), *contexts], schema="FrameContexts")
        },
        "/api/progress/{session}": {"get": _operation("Count what is labelled.", [_session()], schema="Counts")},
        "/api/aggregate/{field}/{session}": {
            "get": _operation("Values used so far.", [field, _session()], schema="Used")
        },
        **{
            f"/api/{plural}/{{session}}": {"get": _operation("Values used so far.", [_session()], schema="Used")}
            for plural in ("contexts", "scenes", "tags", "actions")
        },
        "/api/annotate": {"post": _operation("Replace the labels.", [], schema="Annotated", body="Annotate")},
        "/api/annotate/{session}": {
            "post": _operation("Replace the labels.", [_session()], schema="Annotated", body="Annotate")
        },
        **{
            f"/api/{route}/{{session}}/{{number}}": {
                "post": _operation(
                    "Give some fields.",
                    [_session(), _path("number"), *(apply_field if route == "apply_field" else [])],
                    schema="Applied",
                    body="GivenFields",
                    optional=route == "apply_field",
                )
            }
            for route in ("apply_fields", "apply_multiple_fields", "apply_field")
        },
    }


def original_schemas() -> Schema:
    """Describe what the routes take and answer, by name."""
    text: Schema = {"type": "string"}
    count: Schema = {"type": "integer", "minimum": 0}
    options = {"type": "array", "items": _object(value=text, label=text)}
    frames: Schema = {"type": "array", "items": {"type": ["integer", "string"]}}
    labels: Schema = {"type": "object", "description": "As in `annotations.json`; tags may be a text with commas."}
    return {
        "Frames": _object(
            frames={
                "type": "array",
                "items": _object(frame=_NUMBER, annotated={"type": "boolean"}, partial={"type": "boolean"}),
            },
            filter=text,
            total_filtered=count,
        ),
        "FrameEvent": _object(timestamp={}, pc={}, current_keys={}, annotations={"type": ["object", "null"]}),
        "FrameContext": _object(annotations={"type": "object"}),
        "FrameContexts": _object(contexts={"type": "array", "items": {"$ref": "#/components/schemas/FrameContext"}}),
        "AnnotationConfig": _object(
            context_options=options, action_options=options, intent_options=options, outcome_options=options
        ),
        "Counts": _object(total=count, complete=count, partial=count),
        "Used": {"type": "object", "additionalProperties": {"type": "array", "items": text}},
        "Annotate": _object(frames=frames, annotation=labels),
        "Annotated": {
            **_object(success={"const": True}, annotated=frames, failed=frames),
            "description": "`failed` are frame sets that do not exist, `ignored` fields that gbatrace does not know.",
        },
        "GivenFields": labels,
        "Applied": _object(success={"const": True}),
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _optional(
    base: str, end: str, summary: str, schema: str, parameters: list[Schema] | None = None, answer: str = ""
) -> Schema:
    """Describe a route twice: for the newest session, and for the one that is named."""
    own = [*([_path("number")] if end else []), *(parameters or [])]
    return {
        f"{base}{end}": {"get": _operation(summary, own, answer, schema)},
        f"{base}/{{session}}{end}": {"get": _operation(summary, [_session(), *own], answer, schema)},
    }


def _operation(
    summary: str,
    parameters: list[Schema],
    answer: str = "",
    schema: str = "",
    body: str = "",
    *,
    optional: bool = False,
) -> Schema:
    content: Schema = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    if answer:
        content = {answer: {"schema": {"type": "string"}}}
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    problems = {"400": "It means nothing.", "404": "It is not there.", "503": "The daemon is not there."}
    operation: Schema = {
        "tags": [_TAG],
        "summary": summary,
        "parameters": parameters,
        "responses": {
            ("302" if answer == "text/html" else "200"): {"description": "There it is.", "content": content},
            **{code: {"description": text, "content": problem} for code, text in problems.items()},
        },
    }
    if body:
        taken = {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}}
        operation["requestBody"] = {"required": not optional, "content": taken}
    return operation


def _path(name: str, schema: Schema | None = None) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


def _session() -> Schema:
    return _path("session")


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _frames_filter() -> Schema:
    return _query("filter", {"enum": list(FRAME_FILTERS)}, "How far it is labelled.")
