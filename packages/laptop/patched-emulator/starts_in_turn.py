"""Starts only as many functions at the same time as there are processors; the others wait for their turn.

On AWS, each execution environment has its own share of a processor. On a laptop, fifty cold starts at once compete for
processors with each other, with this emulator and with functions that are already running. All of them then wait so long
that the functions' calls and deadlines time out, which no burst on AWS would cause.
"""

import os
import threading

from ministack.core.lambda_runtime import Worker

# A function that calls another one while it starts keeps its turn until then. The limit prevents a deadlock.
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
