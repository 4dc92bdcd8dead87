"""Tells the gateway of denied calls: one line of JSON each, on the file descriptor in LAPTOP_DENIALS."""

import json
import os
import time
from contextvars import ContextVar

# The X-Amzn-Trace-Id header of the request being served.
trace = ContextVar("trace", default=None)

_descriptor = os.environ.pop("LAPTOP_DENIALS", "")
_output = os.fdopen(int(_descriptor), "w", buffering=1) if _descriptor else None


def tell(decision):
    request = decision.request
    caller = request.caller
    kind, policy, statement = decision.by or (decision.lacking, "", None)
    write({
        "time": int(time.time() * 1000),
        "principal": caller.name,
        "principalKind": caller.kind,
        **({"role": caller.role} if caller.role else {}),
        "action": request.action,
        "resource": request.resource,
        "explicit": decision.explicit,
        "policyType": kind,
        "policy": policy,
        "statement": statement.title if statement else "",
        "almost": decision.almost,
        "source": request.context.get("aws:SourceArn") or "",
        "message": decision.message(),
        "trace": trace.get() or "",
    })


def write(denial):
    if _output:
        _output.write(json.dumps(denial) + "\n")
