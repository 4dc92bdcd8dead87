"""Makes functions continue the trace of the call that invokes them.

MiniStack starts a new trace for each invocation and does not return its id, so no caller could find the segments that a
function sends to X-Ray. It can continue a caller's trace, but for Node.js functions it never passes one on. This passes
on the X-Amzn-Trace-Id header of the request being served, through a context variable that reaches all of its threads.
"""

from contextvars import ContextVar

from ministack.app import app as ministack
from ministack.services import lambda_svc

_callers_trace = ContextVar("callers_trace", default=None)
_ministack_trace = lambda_svc._xray_trace_id_for_invocation


def _trace_of_caller(config, inbound_trace_header=None):
    active = (config.get("TracingConfig") or {}).get("Mode") == "Active"
    return _ministack_trace(config, inbound_trace_header or (_callers_trace.get() if active else None))


lambda_svc._xray_trace_id_for_invocation = _trace_of_caller


async def app(scope, receive, send):
    headers = dict(scope.get("headers") or ())
    _callers_trace.set(headers.get(b"x-amzn-trace-id", b"").decode("latin-1") or None)
    await ministack(scope, receive, send)
