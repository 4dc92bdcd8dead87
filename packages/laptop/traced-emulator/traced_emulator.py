"""MiniStack, whose functions take part in the trace of the call that invokes them.

By itself it begins a trace for each invocation and tells nobody which, so that no caller could find what a function
sends to X-Ray. It already takes the trace of a caller where one is given to it, but for functions in Node.js gives
none. This hands it the X-Amzn-Trace-Id of the request that is being served, which reaches every thread that serves it.
"""

from contextvars import ContextVar

import kept_streams  # noqa: F401 - its import is what it does
import late_lines  # noqa: F401 - its import is what it does
from ministack.app import app as ministack
from ministack.services import lambda_svc

_callers_trace = ContextVar("callers_trace", default=None)
_trace_of_its_own = lambda_svc._xray_trace_id_for_invocation


def _trace_of_caller(config, inbound_trace_header=None):
    active = (config.get("TracingConfig") or {}).get("Mode") == "Active"
    return _trace_of_its_own(config, inbound_trace_header or (_callers_trace.get() if active else None))


lambda_svc._xray_trace_id_for_invocation = _trace_of_caller


async def app(scope, receive, send):
    headers = dict(scope.get("headers") or ())
    _callers_trace.set(headers.get(b"x-amzn-trace-id", b"").decode("latin-1") or None)
    await ministack(scope, receive, send)
