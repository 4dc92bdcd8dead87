"""Executes functions: on the version that the alias chooses, with a wait if they are throttled, and with Lambda's metrics.

MiniStack counts only calls of Invoke, under the function's name, and counts a throttle twice, and as an invocation. Here
each execution counts, whoever invokes: for the function, for the alias or version that was invoked (Resource), and for the
version that an alias executed (ExecutedVersion), as in "Types of metrics for Lambda functions" in Lambda's developer guide.
"""

import time
from contextlib import contextmanager
from contextvars import ContextVar

from alias_weights import executed_record
from lambda_metrics import put
from ministack.services import lambda_svc
from reserved_concurrency import reserved_concurrency

# Seconds between attempts of an invocation that waits for concurrency. Lambda waits 1 second, then up to 5 minutes.
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5

# Until when an invocation may wait for concurrency, in seconds since the epoch.
_waits_until = ContextVar("waits_until", default=0)
_ministack_execute = lambda_svc._execute_function


@contextmanager
def waiting_until(moment):
    """Executions inside are tried again while they are throttled, unless nothing is reserved for the function."""
    token = _waits_until.set(moment)
    try:
        yield
    finally:
        _waits_until.reset(token)


def _execute_function(func, event):
    config = func.get("config") or func
    if lambda_svc._function_config_scope_mismatch(config):
        return lambda_svc._run_with_function_config_scope(config, _execute_function, func, event)
    pause = FIRST_PAUSE
    while True:
        record, started = executed_record(func), time.time()
        result = _ministack_execute(record, event)
        _count(record.get("config") or record, result, started)
        gives_up = time.time() + pause > _waits_until.get() or reserved_concurrency(record, config) == 0
        if not result.get("throttle") or gives_up:
            return result
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _count(config, result, started):
    name, version = config.get("FunctionName", "unknown"), config.get("Version", "$LATEST")
    _name, qualifier = lambda_svc._lambda_function_name_and_qualifier_from_arn(config.get("FunctionArn", ""))
    invoked = {"FunctionName": name, "Resource": f"{name}:{qualifier}" if qualifier else name}
    sets = [{"FunctionName": name}, invoked]
    if result.get("throttle"):
        return put({"Throttles": 1}, sets, started)
    if qualifier not in (None, version):
        sets.append({**invoked, "ExecutedVersion": version})
    milliseconds = (time.time() - started) * 1000
    failed = int(bool(result.get("error")))
    return put({"Invocations": 1, "Errors": failed, "Throttles": 0, "Duration": milliseconds}, sets, started)


lambda_svc._execute_function = _execute_function
lambda_svc._emit_lambda_metrics = lambda *_given, **_named: None
