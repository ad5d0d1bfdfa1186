"""Answers come in the order of their questions, each as early as it can."""

from concurrent.futures import Future
from threading import Event

import pytest

from app.in_order import InOrder


def done(value: int) -> "Future[int]":
    future: Future[int] = Future()
    future.set_result(value)
    return future


def test_answers_come_in_order_whichever_is_ready_first() -> None:
    put: list[int] = []
    late: Future[int] = Future()
    with InOrder(put.append, 9) as answers:
        answers.add(late)
        for n in (2, 3):
            answers.add(done(n))
        assert put == []
        late.set_result(1)
    assert put == [1, 2, 3]


def test_an_answer_does_not_wait_for_the_next_question() -> None:
    came = Event()
    with InOrder[int](lambda _: came.set(), 9) as answers:
        answers.add(done(1))
        assert came.wait(60)


def test_what_cannot_be_put_out_ends_the_asking() -> None:
    def broken(_: int) -> None:
        raise BrokenPipeError

    def ask() -> None:
        with InOrder(broken, 1) as answers:
            for n in range(99):
                answers.add(done(n))

    with pytest.raises(BrokenPipeError):
        ask()


def test_nobody_waits_for_answers_after_an_error_and_none_is_put() -> None:
    put: list[int] = []
    late: Future[int] = Future()

    def ask() -> None:
        with answers:
            answers.add(late)
            raise KeyboardInterrupt

    answers = InOrder(put.append, 9)
    with pytest.raises(KeyboardInterrupt):
        ask()
    late.set_result(1)
    answers._thread.join(60)
    assert put == []
