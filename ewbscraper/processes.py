"""Processes of ours beside the one that a person started."""

import multiprocessing
import os
from threading import Thread


def end_with_the_parent() -> None:
    """For a process to call that is just started: a killed parent must not leave a child that holds its lock."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
