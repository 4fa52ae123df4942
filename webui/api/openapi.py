"""OpenAPI 3.1 document of the HTTP interface: our routes and the original's. Pure.

A test compares it with what the routes do.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from protocol.bus.memory_questions import DEFAULT_POINTS, DEFAULT_ROWS, MAX_POINTS, MAX_ROWS, MIN_POINTS, TYPE_NAMES
from protocol.session.annotations import TEXT_FIELDS
from webui.api.name_schemas import NAME_FORMATS
from webui.api.openapi_schemas import schemas
from webui.api.parameters import AGGREGATES, CONTEXT_FILTERS, DEFAULT_LIMIT, FRAME_FILTERS, MAX_LIMIT, PAGE_SIZE
from webui.api.schema_parts import NUMBER, TEXT, Schema, ref
from webui.archive.index_rows import STATUSES

__all__ = ["describe"]

_LISTING: Mapping[str, tuple[Schema, str]] = {
    "status": ({"enum": list(STATUSES)}, "How far it is labelled."),
    **dict.fromkeys(TEXT_FIELDS, (TEXT, "Exactly this value; empty for none.")),
    "tags": (TEXT, "Has this tag; empty for none."),
    "text": (TEXT, "Found in any text of the labels."),
    "marked": ({"type": "boolean"}, "Has a mark."),
    "first": (NUMBER, "From this frame set on."),
    "last": (NUMBER, "Up to this frame set."),
    "cursor": (NUMBER, "`next` of the page before."),
    "limit": ({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}, "Sets in a page."),
}

_CONTEXTS: Mapping[str, tuple[Schema, str]] = {
    "start": (NUMBER, "From this frame set on."),
    "page_size": (NUMBER, f"Frame sets in the answer, {PAGE_SIZE} unless it is given, at most {MAX_LIMIT}."),
    "filter": ({"enum": list(CONTEXT_FILTERS)}, "How far labelled."),
}

_FRAMES = {"filter": ({"enum": list(FRAME_FILTERS)}, "How far it is labelled.")}

_ONE_FIELD = {"field": (TEXT, "A label field; without it, the body names the fields."), "value": (TEXT, "Its value.")}

_WHO = {"who": (TEXT, "Name of the person or program that takes it away.")}

_EXPORT = {"format": ({"enum": list(NAME_FORMATS)}, "The form; our own unless it is given.")}

_PATH_SCHEMAS: Mapping[str, Schema] = {"field": {"enum": [*AGGREGATES, "actions", "all"]}}
"""Schemas of path parameters that are not plain text."""

_PROBLEMS = {
    "400": "The request is invalid.",
    "404": "Not found.",
    "503": "The daemon is not running, or has not finished reading what is asked for: ask again.",
}

_VALUE: Mapping[str, tuple[Schema, str]] = {
    "address": (TEXT, "Bus address of its first byte: up to eight hex digits."),
    "type": ({"enum": list(TYPE_NAMES)}, "Value type, u8 unless it is given."),
}

_CURVE: Mapping[str, tuple[Schema, str]] = {
    **_VALUE,
    "first": (TEXT, "From this moment on: a frame set's number, or another moment as filters have it."),
    "last": (TEXT, "Up to this moment."),
    "most": (
        {"type": "integer", "minimum": MIN_POINTS, "maximum": MAX_POINTS, "default": DEFAULT_POINTS},
        "Points at most; where there are more, the peaks are kept.",
    ),
}

_CHANGES: Mapping[str, tuple[Schema, str]] = {
    **_VALUE,
    "cursor": (NUMBER, "`next` of the page before: the index of its first change."),
    "limit": ({"type": "integer", "minimum": 1, "maximum": MAX_ROWS, "default": DEFAULT_ROWS}, "Changes in a page."),
}

_AGREEMENT: Mapping[str, tuple[Schema, str]] = {
    "first": (TEXT, "Name of the one; without both names, the two who labelled most."),
    "second": (TEXT, "Name of the other."),
    "other": (TEXT, "A session whose labels are compared instead: a copy, or the same log imported."),
}

_HELD = {"button": (TEXT, "A button, or several held at the same time: `A+Right`.")}


@dataclass(frozen=True, slots=True)
class _Route:
    """One operation.

    Args:
        method: of HTTP, in lower case.
        path: with `{parameter}`.
        summary: one sentence.
        answer: name of the answer's schema, or a media type where it is no JSON.
        query: schema and description of each query parameter.
        body: name of the request body's schema, empty without one.
        optional_body: whether it may be left out.
        newest: whether the path may omit `/{session}`, for the newest session.
    """

    method: str
    path: str
    summary: str
    answer: str
    query: Mapping[str, tuple[Schema, str]] = field(default_factory=dict)
    body: str = ""
    optional_body: bool = False
    newest: bool = False


_SESSION = "/api/sessions/{session}"
_SET = f"{_SESSION}/frame_sets/{{number}}"
_MEMORY = f"{_SESSION}/memory"

_OURS = (
    _Route("get", "/api/sessions", "List all sessions, newest first.", "Sessions"),
    _Route(
        "get",
        f"{_SESSION}/frame_sets",
        "List frame sets that pass a filter, ascending, a page at a time.",
        "Page",
        query=_LISTING,
    ),
    _Route("get", _SET, "One frame set with its memory changes and labels.", "FrameSet"),
    _Route("get", f"{_SET}/image", "The frame set's screenshot.", "image/png"),
    _Route("get", f"{_SET}/thumbnail", "A small picture of 120 x 80 pixels.", "image/webp"),
    _Route("get", f"{_SESSION}/progress", "Count what is labelled.", "Progress"),
    _Route("get", f"{_SESSION}/values", "Values used so far, by field.", "Values"),
    _Route("get", f"{_SESSION}/coverage", "Runs of equal values, by field.", "Coverage"),
    _Route(
        "get",
        f"{_SESSION}/statistics",
        "Statistics of the session; ask again while `left` is not 0.",
        "Statistics",
    ),
    _Route("get", f"{_SESSION}/label_set", "Options, shortcuts, colours, meanings.", "LabelSet"),
    _Route(
        "get",
        f"{_MEMORY}/image",
        "All memory after a frame set: the regions' bytes one after the other; then a bit for each byte, the lowest "
        "first, that is set where it is known; then a byte for each word: frame sets since it changed, 255 for longer.",
        "application/octet-stream",
        query={"at": (TEXT, "A moment: a frame set's number, or as filters have it; the last unless it is given.")},
    ),
    _Route("get", f"{_MEMORY}/values", "A value over time.", "MemoryValues", query=_CURVE),
    _Route("get", f"{_MEMORY}/changes", "Changes of a value, oldest first.", "MemoryChanges", query=_CHANGES),
    _Route("get", f"{_MEMORY}/held", "Frame sets in which buttons were held.", "HeldSets", query=_HELD),
    _Route("post", f"{_MEMORY}/search", "Search the recording.", "Found", body="Search"),
    _Route("get", f"{_MEMORY}/searches", "Searches saved with the session.", "SavedSearches"),
    _Route("post", f"{_MEMORY}/searches", "Save a search with the session.", "SavedSearches", body="SavedSearch"),
    _Route("delete", f"{_MEMORY}/searches/{{name}}", "Remove a saved search.", "SavedSearches"),
    _Route("post", f"{_MEMORY}/find", "Find a variable by what was seen of it.", "FoundVariable", body="FindQuery"),
    _Route("get", f"{_MEMORY}/probe", "Why the session cannot be probed, if its ROM is not known.", "CanProbe"),
    _Route(
        "post",
        f"{_MEMORY}/probe",
        "Play on from a moment, in a core of its own, and compare memories; ask again while the answer is 503.",
        "Probed",
        body="Probe",
    ),
    _Route("get", f"{_MEMORY}/queries", "Queries kept with the session: evidence for a variable.", "SavedQueries"),
    _Route("post", f"{_MEMORY}/queries", "Keep a query with the session.", "SavedQueries", body="Query"),
    _Route("delete", f"{_MEMORY}/queries/{{name}}", "Remove a query.", "SavedQueries"),
    _Route(
        "get",
        f"{_SESSION}/suggestions",
        "Labels that memory suggests where there are none.",
        "Suggestions",
        query={"field": ({"enum": list(TEXT_FIELDS), "default": TEXT_FIELDS[0]}, "Field of the labels.")},
    ),
    _Route(
        "post",
        f"{_SESSION}/suggestions/take",
        "Give suggested labels to frame sets without one; one step to undo.",
        "Taken",
        body="Take",
    ),
    _Route(
        "post",
        f"{_SESSION}/snap",
        "Move ends of labelled runs to the change of memory that they meant; one step to undo.",
        "Taken",
        body="Snap",
    ),
    _Route(
        "get",
        f"{_SESSION}/agreement",
        "Agreement of two people's labels, or of those of two sessions of the same play.",
        "Agreement",
        query=_AGREEMENT,
    ),
    _Route("post", f"{_SESSION}/labels", "Label frame sets, field by field.", "Edited", body="Edit"),
    _Route("post", f"{_SESSION}/latch", "Latch values: every new frame set gets them.", "Latched", body="Latch"),
    _Route("post", f"{_SESSION}/label_set", "Edit a value of the label set.", "Options", body="Option"),
    _Route("post", f"{_SESSION}/undo", "Undo the last edit of `who`.", "Turned", body="Turn"),
    _Route("post", f"{_SESSION}/redo", "Redo the last undone edit of `who`.", "Turned", body="Turn"),
    _Route("get", f"{_SESSION}/names", "Names of the memory of the session's game.", "Names"),
    _Route("post", f"{_SESSION}/names", "Add or change a name.", "Named", body="GivenName"),
    _Route("delete", f"{_SESSION}/names/{{name}}", "Take a name away.", "Unnamed", query=_WHO),
    _Route("post", f"{_SESSION}/names/import", "Add the names of a list.", "ImportedNames", body="NameList"),
    _Route("get", f"{_SESSION}/names/export", "Write the names for another tool.", "ExportedNames", query=_EXPORT),
)

_ORIGINAL = (
    _Route("get", "/{session}", "The page at that session.", "text/html"),
    _Route(
        "get",
        "/api/frames/{session}",
        "Frame sets and how far they are labelled.",
        "Frames",
        query=_FRAMES,
        newest=True,
    ),
    _Route(
        "get",
        "/api/frame_event/{session}/{number}",
        "Time, program counter, buttons, labels.",
        "FrameEvent",
        newest=True,
    ),
    _Route(
        "get", "/api/frame_context/{session}/{number}", "`event.json` with the labels.", "FrameContext", newest=True
    ),
    _Route("get", "/api/frame_image/{session}/{number}", "The screenshot.", "image/png", newest=True),
    _Route(
        "get",
        "/static/annotation_config.json/{session}",
        "Options of the label fields.",
        "AnnotationConfig",
        newest=True,
    ),
    _Route("get", "/api/frame_contexts/{session}", "Frame sets a page at a time.", "FrameContexts", query=_CONTEXTS),
    _Route("get", "/api/progress/{session}", "Count what is labelled.", "Counts"),
    *(
        _Route("get", f"/api/{listing}/{{session}}", "Values used so far.", "Used")
        for listing in ("aggregate/{field}", "contexts", "scenes", "tags", "actions")
    ),
    _Route("post", "/api/annotate/{session}", "Replace the labels.", "Annotated", body="Annotate", newest=True),
    *(
        _Route("post", f"/api/{name}/{{session}}/{{number}}", "Set some fields.", "Applied", body="GivenFields")
        for name in ("apply_fields", "apply_multiple_fields")
    ),
    _Route(
        "post",
        "/api/apply_field/{session}/{number}",
        "Set a field.",
        "Applied",
        query=_ONE_FIELD,
        body="GivenFields",
        optional_body=True,
    ),
)


def describe(version: str) -> Schema:
    """Make the document.

    Args:
        version: of the package.
    """
    paths: Schema = {}
    for routes, tags in ((_OURS, {}), (_ORIGINAL, {"tags": ["the original's routes"]})):
        for route in routes:
            for path in _paths(route):
                paths.setdefault(path, {})[route.method] = {**tags, **_operation(route, path)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "gbatrace",
            "version": version,
            "description": "Sessions, frame sets and labels of a data folder. Every error has a sentence in `error`.",
        },
        "paths": paths,
        "components": {"schemas": schemas()},
    }


def _paths(route: _Route) -> Iterator[str]:
    if route.newest:
        yield route.path.replace("/{session}", "")
    yield route.path


def _operation(route: _Route, path: str) -> Schema:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_SCHEMAS.get(name, TEXT)}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    in_query = [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
        for name, (schema, description) in route.query.items()
    ]
    status = "302" if route.answer == "text/html" else "200"
    operation: Schema = {
        "summary": route.summary,
        "parameters": in_path + in_query,
        "responses": {
            status: {"description": "Done.", "content": _content(route.answer)},
            **{code: {"description": text, "content": _content("Problem")} for code, text in _PROBLEMS.items()},
        },
    }
    if route.body:
        operation["requestBody"] = {"required": not route.optional_body, "content": _content(route.body)}
    return operation


def _content(answer: str) -> Schema:
    """Describe a body: JSON of a named schema, or another media type."""
    if "/" in answer:
        return {answer: {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": ref(answer)}}
