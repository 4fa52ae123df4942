import numpy as np
import pytest

from webui.api.responses import json_response


def test_a_document_is_answered_as_json_that_nobody_keeps() -> None:
    answer = json_response({"sessions": ["Grüße"], "frame": 3})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json() == {"sessions": ["Grüße"], "frame": 3}


def test_what_is_no_json_is_not_answered() -> None:
    with pytest.raises(TypeError):
        json_response({"words": np.uint32})
