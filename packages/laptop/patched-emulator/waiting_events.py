"""Lets events and messages wait while their function is throttled, instead of losing them.

MiniStack counts a throttle as a failed attempt. On AWS it is none: Lambda tries an asynchronous event again until it
is too old ("How Lambda handles errors and retries with asynchronous invocation" in the developer guide), and a queue's
messages until their visibility timeout ends. If a function reserves no concurrency at all, events go to its dead-letter
queue at once.

MiniStack invokes functions for SNS and EventBridge only once. On AWS these are asynchronous events too.
"""

import json
import time

from invocations import waiting_until
from ministack.services import eventbridge, lambda_svc, sns
from reserved_concurrency import reserved_concurrency

_ministack_invoke_async = lambda_svc.invoke_async_with_retry
_ministack_run_batch = lambda_svc._run_sqs_batch

DEFAULT_EVENT_AGE = 21_600


def _invoke_async_with_retry(func, event):
    settings = func.get("event_invoke_config") or (func.get("event_invoke_configs") or {}).get("$LATEST") or {}
    if reserved_concurrency(func, func.get("config") or func) == 0:
        func = {**func, "event_invoke_config": {**settings, "MaximumRetryAttempts": 0}}
    with waiting_until(time.time() + int(settings.get("MaximumEventAgeInSeconds", DEFAULT_EVENT_AGE))):
        _ministack_invoke_async(func, event)


def _run_sqs_batch(esm, func_rec, event, batch, *queue):
    with waiting_until(min(message["visible_at"] for message in batch)):
        _ministack_run_batch(esm, func_rec, event, batch, *queue)


def _dispatch_to_lambda(arn, payload):
    try:
        event = json.loads(payload)
    except (json.JSONDecodeError, TypeError):
        event = {"body": payload}
    record, _config, name = lambda_svc._get_func_record_for_ref(arn)
    if record is None:
        eventbridge.logger.warning("EventBridge → Lambda: function %s not found", name)
        return
    _invoke_async_with_retry(record, event)


class _AsynchronousLambda:
    """Lambda as SNS sees it: invoking a function returns at once."""

    def __getattr__(self, name):
        return _invoke_async_with_retry if name == "_execute_function_with_config_scope" else getattr(lambda_svc, name)


lambda_svc.invoke_async_with_retry = _invoke_async_with_retry
lambda_svc._run_sqs_batch = _run_sqs_batch
eventbridge._dispatch_to_lambda = _dispatch_to_lambda
sns._lambda_svc = _AsynchronousLambda()
