"""Lambda uses a function's role as it is now: its policies may have changed since the function got it."""

import time

from ministack.core.responses import error_response_json, request_scope
from ministack.services import lambda_svc

from . import authority, given_roles

_MESSAGE = "The role defined for the function cannot be assumed by Lambda."
# How long a poller, which asks several times a second, does not ask again after a refusal.
_PAUSE_SECONDS = 2

_given_invoke = lambda_svc._invoke
_given_execute = lambda_svc._execute_function
_given_mappings = lambda_svc._iter_all_esms
_paused_until = {}


async def _invoke(name, event, headers, *rest, **named):
    kind = headers.get("x-amz-invocation-type") or headers.get("X-Amz-Invocation-Type") or "RequestResponse"
    func = lambda_svc._functions.get(name)
    if func and kind == "RequestResponse" and not _may_assume(func["config"]):
        return error_response_json("AccessDeniedException", _MESSAGE, 403)
    return await _given_invoke(name, event, headers, *rest, **named)


def _execute_function(func, event):
    """A refused execution is retried, and ends as a dead letter, like one that fails."""
    if _may_assume(func.get("config") or func):
        return _given_execute(func, event)
    body = {"errorType": "AccessDeniedException", "errorMessage": _MESSAGE}
    return {"error": True, "refused": True, "body": body, "log": ""}


def _mappings():
    """Those whose function can read its source: Lambda polls with the function's role."""
    return (one for one in _given_mappings() if not one[2].get("Enabled", True) or _can_read(*one))


def _can_read(account, region, mapping):
    key = account, region, mapping["UUID"]
    function = lambda_svc._functions.get_scoped(account, region, mapping["FunctionName"])
    if function is None:
        return True
    if time.time() < _paused_until.get(key, 0):
        return False
    config = function["config"]
    with request_scope(account, region):
        readable = _may_assume(config) and not given_roles.unreadable(config, mapping.get("EventSourceArn", ""))
    if not readable:
        _paused_until[key] = time.time() + _PAUSE_SECONDS
    return readable


def _may_assume(config):
    region = config["FunctionArn"].split(":")[3]
    return authority.trusts(config.get("Role", ""), "lambda.amazonaws.com", region)


def install():
    lambda_svc._invoke = _invoke
    lambda_svc._execute_function = _execute_function
    lambda_svc._iter_all_esms = _mappings
