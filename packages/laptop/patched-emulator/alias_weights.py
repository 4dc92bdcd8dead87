"""Runs each invocation of an alias on one of its versions, as the alias's weights say.

MiniStack stores the weights, but turns an alias into its main version wherever it invokes one. Here, a record of an alias
only says what is invoked, in its FunctionArn, as on AWS. The version is chosen when an attempt begins, so that a retry
follows what the alias says by then.
"""

import random
from contextvars import ContextVar

from ministack.services import lambda_svc

# Gets the version that the current request executed.
_executed = ContextVar("executed", default=None)

_record_for_reference = lambda_svc._get_func_record_for_ref
_record_for_qualifier = lambda_svc._get_func_record_for_qualifier
_ministack_invoke = lambda_svc._invoke


def executed_record(record):
    """The record of the version that an attempt executes. Its configuration keeps the ARN that was invoked."""
    config = record.get("config") or record
    arn = config.get("FunctionArn", "")
    name, qualifier = lambda_svc._lambda_function_name_and_qualifier_from_arn(arn)
    function = lambda_svc._functions.get(name) or {}
    alias = function.get("aliases", {}).get(qualifier)
    if alias is not None:
        version = _chosen_version(alias)
        chosen = function if version == "$LATEST" else function["versions"].get(version)
        if chosen is not None:
            record = {**chosen, "config": {**chosen["config"], "FunctionArn": arn}}
    executed = _executed.get()
    if executed is not None:
        executed["version"] = record.get("config", record).get("Version", "$LATEST")
    return record


def _chosen_version(alias):
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    for version, weight in weights.items():
        if random.random() < float(weight):
            return version
    return alias.get("FunctionVersion", "$LATEST")


def _get_func_record_for_ref(function_ref):
    record, config, name = _record_for_reference(function_ref)
    if config is None:
        return record, config, name
    _name, qualifier = lambda_svc._resolve_name_and_qualifier(function_ref)
    config = _invoked_as(config, qualifier)
    return {**record, "config": config}, config, name


def _get_func_record_for_qualifier(name, qualifier):
    record, config = _record_for_qualifier(name, qualifier)
    if config is None:
        return record, config
    return {**record, "config": _invoked_as(config, qualifier)}, config


def _invoked_as(config, qualifier):
    """A configuration with the ARN that is invoked: arn:aws:lambda:region:account:function:name:qualifier."""
    if not qualifier:
        return config
    return {**config, "FunctionArn": ":".join([*config["FunctionArn"].split(":")[:7], qualifier])}


async def _invoke(*given, **named):
    executed = {}
    token = _executed.set(executed)
    try:
        status, headers, body = await _ministack_invoke(*given, **named)
    finally:
        _executed.reset(token)
    # For an event or a dry run, AWS does not say which version it would be.
    headers = {name: value for name, value in headers.items() if name != "X-Amz-Executed-Version"}
    if status == 200 and "version" in executed:
        headers["X-Amz-Executed-Version"] = executed["version"]
    return status, headers, body


lambda_svc._get_func_record_for_ref = _get_func_record_for_ref
lambda_svc._get_func_record_for_qualifier = _get_func_record_for_qualifier
lambda_svc._invoke = _invoke
