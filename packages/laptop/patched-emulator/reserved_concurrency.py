"""Enforces concurrency as Lambda does, for aliases and versions too.

MiniStack enforces a function's reserved concurrency only if it is invoked without a qualifier, reserves any number, and
throttles with a message of its own. Here:

- All versions and aliases share the function's reserved concurrency.
- 100 of the quota of 1,000 stay unreserved in each account and Region, and PutFunctionConcurrency refuses more.
- Functions without reserved concurrency share what is left of the quota. MiniStack's own limit, which depends on the
  machine's memory, still applies: on most machines it is lower.
- The mapping of a queue reads batches whatever the function has reserved, as on AWS, so it can be throttled.
"""

import json
import time

from lambda_metrics import put
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import lambda_svc

QUOTA = 1_000
UNRESERVED = 100

_ministack_acquire = lambda_svc._acquire_execution_slot
_ministack_put = lambda_svc._put_function_concurrency
_ministack_settings = lambda_svc._get_account_settings
_unnamed_invoke = lambda_svc._invoke


def reserved_concurrency(_record, config):
    """What the function reserves, whichever of its versions the record is; None if it reserves nothing."""
    account, region = lambda_svc._account_region_from_function_config(config)
    function = lambda_svc._functions.get_scoped(account, region, config.get("FunctionName"))
    reserved = (function or {}).get("concurrency")
    return None if reserved is None else int(reserved)


def _acquire_execution_slot(record, config):
    if reserved_concurrency(record, config) is None and _unreserved_running() >= QUOTA - sum(_reserved().values()):
        return None, "account"
    slot, limit = _ministack_acquire(record, config)
    if slot is not None:
        running = _running()
        name, now = config["FunctionName"], time.time()
        put({"ConcurrentExecutions": running.get(name, 1)}, [{"FunctionName": name}], now)
        put({"ConcurrentExecutions": sum(running.values())}, [{}], now)
    return slot, limit


def _running():
    """Executions in this account and Region, by function."""
    scope = f"{get_account_id()}:{get_region()}:"
    _total, running = lambda_svc.executions_in_flight()
    return {key[len(scope):]: count for key, count in running.items() if key.startswith(scope)}


def _unreserved_running():
    reserved = _reserved()
    return sum(count for name, count in _running().items() if name not in reserved)


def _reserved():
    """Reserved concurrency in this account and Region, by function."""
    functions = ((name, lambda_svc._functions[name]) for name in list(lambda_svc._functions.keys()))
    return {name: int(one["concurrency"]) for name, one in functions if one.get("concurrency") is not None}


def _put_function_concurrency(func_name, data):
    value = data.get("ReservedConcurrentExecutions")
    others = sum(count for name, count in _reserved().items() if name != func_name)
    if func_name in lambda_svc._functions and isinstance(value, int) and QUOTA - others - value < UNRESERVED:
        return error_response_json(
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
            f"its minimum value of [{UNRESERVED}].")
    return _ministack_put(func_name, data)


def _get_account_settings():
    status, headers, body = _ministack_settings()
    settings = json.loads(body)
    unreserved = QUOTA - sum(_reserved().values())
    settings["AccountLimit"].update(ConcurrentExecutions=QUOTA, UnreservedConcurrentExecutions=unreserved)
    return status, headers, json.dumps(settings).encode()


def _throttle_response(reason_code, msg=None, retry_after=None):
    body = {"Reason": reason_code, "Type": "User", "message": "Rate Exceeded."}
    return {"throttle": True, "error": True, "body": body, "log": ""}


async def _invoke(*given, **named):
    status, headers, body = await _unnamed_invoke(*given, **named)
    if status == 429:
        headers = {**headers, "x-amzn-ErrorType": "TooManyRequestsException"}
    return status, headers, body


def _sqs_esm_concurrency(esm, _record, _config, queue=None):
    if (queue or {}).get("is_fifo"):
        return 1
    return (esm.get("ScalingConfig") or {}).get("MaximumConcurrency") or lambda_svc._ESM_SQS_DEFAULT_CONCURRENCY


lambda_svc._reserved_concurrency = reserved_concurrency
lambda_svc._acquire_execution_slot = _acquire_execution_slot
lambda_svc._put_function_concurrency = _put_function_concurrency
lambda_svc._get_account_settings = _get_account_settings
lambda_svc._throttle_response = _throttle_response
lambda_svc._invoke = _invoke
lambda_svc._sqs_esm_concurrency = _sqs_esm_concurrency
