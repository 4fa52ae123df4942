import pytest
from flask import Flask

from webui.api.queries import parameters, refuse_other_parameters, whole_number
from webui.errors import QueryError


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def test_a_query_has_texts_and_numbers(app: Flask) -> None:
    with app.test_request_context("/?at=12&type=u8"):
        assert parameters(texts=["type"], numbers=["at", "limit"]) == {"at": 12, "type": "u8"}
        assert whole_number("at", 0) == 12
        assert whole_number("limit", 100) == 100


@pytest.mark.parametrize("text", ["-1", "1.5", "", "x", "٣", "9" * 30])
def test_what_is_no_number_is_a_sentence(text: str, app: Flask) -> None:
    with app.test_request_context("/", query_string={"at": text}), pytest.raises(QueryError, match="`at` is a whole"):
        parameters(numbers=["at"])


def test_a_parameter_that_is_not_known_is_refused(app: Flask) -> None:
    with app.test_request_context("/?where=x"):
        refuse_other_parameters(["where"])
        with pytest.raises(QueryError, match="There is no parameter 'where'"):
            refuse_other_parameters()
