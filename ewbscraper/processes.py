"""Processes of ours beside the one that a person started."""

import multiprocessing
import os
from multiprocessing.context import BaseContext
from threading import Thread


def fresh() -> BaseContext:
    """Processes that have nothing of this one, its threads least of all: of a server's where there is one (Unix).

    What that server has imported before need not be imported again: tests have it import all that is heavy.
    """
    has_server = "forkserver" in multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if has_server else "spawn")


def end_with_the_parent() -> None:
    """For a process to call that is just started: a killed parent must not leave a child that holds its lock."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
