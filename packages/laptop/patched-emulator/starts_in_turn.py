"""Starts only as many functions at the same time as there are processors; the others wait for their turn.

On AWS, each execution environment has its own share of a processor. On a laptop, fifty cold starts at once compete for the
processors with each other, the emulator and running functions, until calls time out. A burst on AWS would not do that.
"""

import os
import threading

from ministack.core.lambda_runtime import Worker

# A function that calls another one while it starts keeps its turn while it waits, so waiting is limited.
_longest_wait_seconds = 10

_turns = threading.BoundedSemaphore(os.cpu_count() or 1)
_spawn = Worker._spawn


def _spawn_in_turn(worker):
    has_turn = _turns.acquire(timeout=_longest_wait_seconds)
    try:
        _spawn(worker)
    finally:
        if has_turn:
            _turns.release()


Worker._spawn = _spawn_in_turn
