"""Answers in the order of their questions, while several are being worked on."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import Queue
from threading import Thread
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class InOrder(Generic[Answer]):
    """Hands each answer to `put` as soon as it and those before it are there; `add` waits while `most` are awaited.

    By a thread of its own, so that an answer does not wait for the next question: whoever sits at the other end of a
    pipe may want to see the one before asking the other. What `put` raises comes out of the next `add`, or at the end.
    After an error, as by Ctrl-C, nothing more is put.
    """

    def __init__(self, put: Callable[[Answer], None], most: int) -> None:
        self._put = put
        self._awaited: Queue[Future[Answer] | None] = Queue(most)
        self._error: BaseException | None = None
        self._is_over = False
        self._thread = Thread(target=self._work, daemon=True)

    def __enter__(self) -> "InOrder[Answer]":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        try:
            if kind is None:
                self._awaited.put(None)
                self._thread.join()
        finally:
            self._is_over = True  # nobody waits for the rest
        if kind is None and self._error is not None:
            raise self._error

    def add(self, answer: Future[Answer]) -> None:
        """The answer to the next question. Raises what `put` or the work before has raised."""
        if self._error is not None:
            raise self._error
        self._awaited.put(answer)

    def _work(self) -> None:
        while (answer := self._awaited.get()) is not None:
            if self._error is None:
                try:
                    found = answer.result()
                    if self._is_over:
                        return
                    self._put(found)
                except BaseException as error:  # noqa: BLE001 - it is raised where the questions are asked
                    self._error = error
