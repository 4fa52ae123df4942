import pytest

from protocol.errors import GbatraceError
from webui import errors


def test_a_refused_command_is_reported_in_the_daemons_sentence_and_keeps_its_kind() -> None:
    refused = errors.CommandError("LabelError", "There is no label set of that name.")
    assert str(refused) == "There is no label set of that name."
    assert (refused.kind, refused.message) == ("LabelError", "There is no label set of that name.")


@pytest.mark.parametrize("name", errors.__all__)
def test_each_can_be_shown_to_a_person(name: str) -> None:
    assert issubclass(getattr(errors, name), GbatraceError)
