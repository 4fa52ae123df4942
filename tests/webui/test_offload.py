import threading
import time

import gevent
import pytest

from webui.offload import offload


def test_work_is_done_elsewhere_and_its_result_comes_back() -> None:
    assert offload(threading.get_ident) != threading.get_ident()
    assert offload(divmod, 7, 2) == (3, 1)


def test_others_go_on_meanwhile() -> None:
    done: list[str] = []

    def wait() -> None:
        offload(time.sleep, 0.2)
        done.append("slow")

    waiting = gevent.spawn(wait)
    gevent.spawn(done.append, "quick")
    waiting.join()
    assert done == ["quick", "slow"]


def test_errors_come_back_without_a_word_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        offload(lambda: 1 // 0)
    assert capfd.readouterr().err == ""
