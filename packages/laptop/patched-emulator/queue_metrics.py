"""Publishes SQS's metrics. MiniStack has none, so an alarm on a dead-letter queue would never have data.

As on AWS, every queue that has been used within six hours has one value per metric and minute:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html

Services of MiniStack append messages to a queue's list by themselves. Messages that are new in the list are therefore
counted before each call for the queue, and at the end of each minute.
"""

import asyncio
import logging
import time

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs

_ACTIVE_SECONDS = 6 * 60 * 60
# SQS leaves a message that was received more often out of the age of the oldest one.
_RECEIVED_AT_MOST = 3

_get_queue = sqs._get_q
_collect = sqs._collect_msgs
_delete_for_mapping = sqs._delete_messages_for_esm
_handlers = dict(sqs._HANDLERS)

# By the queue's ARN: when it was used last, and what has happened to it in this minute.
_used = {}
_happened = {}


def with_queue_metrics(app):
    async def wrapped(scope, receive, send):
        if scope["type"] != "lifespan":
            return await app(scope, receive, send)
        publishing = asyncio.create_task(_publish_every_minute())
        try:
            await app(scope, receive, send)
        finally:
            publishing.cancel()

    return wrapped


async def _publish_every_minute():
    while True:
        minute = int(time.time() // 60) * 60
        # A little later: a clock that runs fast must not end the minute twice.
        await asyncio.sleep(minute + 60.02 - time.time())
        try:
            _publish(minute)
        except Exception:
            logging.getLogger("queue_metrics").exception("the metrics of SQS could not be published")


def _publish(minute):
    now = time.time()
    for (account, region, _), queue in sqs._queues.all_items():
        arn = _arn(queue)
        _notice(queue)
        counted = _happened.pop(arn, {})
        if now - _used.setdefault(arn, now) > _ACTIVE_SECONDS:
            continue
        with request_scope(account, region):
            for name, unit, value in _values(queue, counted, now):
                _put(queue, name, minute, unit, value)
            sizes = counted.get("SentMessageSize")
            if sizes:
                _put(queue, "SentMessageSize", minute, "Bytes", None, _statistics(sizes))


def _values(queue, counted, now):
    sqs._refresh_counts(queue)
    for state in ("", "NotVisible", "Delayed"):
        number = queue["attributes"][f"ApproximateNumberOfMessages{state}"]
        yield f"ApproximateNumberOfMessages{state or 'Visible'}", "Count", float(number)
    waiting = [m for m in queue["messages"] if m["receive_count"] <= _RECEIVED_AT_MOST]
    age = max((now - m["noticed_at"] for m in waiting), default=0)
    yield "ApproximateAgeOfOldestMessage", "Seconds", float(int(age))
    yield "NumberOfMessagesSent", "Count", float(len(counted.get("SentMessageSize", ())))
    for name in ("NumberOfMessagesReceived", "NumberOfMessagesDeleted", "NumberOfEmptyReceives"):
        yield name, "Count", float(counted.get(name, 0))


def _put(queue, name, minute, unit, value, statistics=None):
    dimensions = {"QueueName": queue["name"]}
    cloudwatch._store_datum("AWS/SQS", name, dimensions, minute, unit, value, None, None, statistics)


def _statistics(values):
    return {"SampleCount": len(values), "Sum": sum(values), "Minimum": min(values), "Maximum": max(values)}


def _arn(queue):
    return queue["attributes"]["QueueArn"]


def _notice(queue):
    """Counts the messages at the end of the list that have not been counted."""
    arn, now = _arn(queue), time.time()
    for message in reversed(queue["messages"]):
        if message.get("noticed_in") == arn:
            break
        sqs._ensure_msg_fields(message)
        # SQS does not count a message that it moves to a dead-letter queue as sent. Its age begins anew.
        moved = "noticed_in" in message
        message["noticed_in"] = arn
        message["noticed_at"] = now if moved else message["sent_at"]
        _used[arn] = now
        if not moved:
            sizes = _happened.setdefault(arn, {}).setdefault("SentMessageSize", [])
            sizes.append(len(str(message.get("body", "")).encode()))


def _count(queue, name, number):
    happened = _happened.setdefault(_arn(queue), {})
    happened[name] = happened.get(name, 0) + number


def _get_noticed_queue(url, *rest):
    queue = _get_queue(url, *rest)
    _used[_arn(queue)] = time.time()
    _notice(queue)
    return queue


def _collect_counted(queue, *rest):
    messages = _collect(queue, *rest)
    _count(queue, "NumberOfMessagesReceived", len(messages))
    return messages


async def _receive_counted(data, url):
    output = await _handlers["ReceiveMessage"](data, url)
    if not output:
        _count(_get_queue(data.get("QueueUrl", url)), "NumberOfEmptyReceives", 1)
    return output


def _deleting(delete):
    """Counts the messages that are gone from the queue afterwards."""

    def counted(data, url):
        queue = _get_queue(data.get("QueueUrl", url))
        before = len(queue["messages"])
        output = delete(data, url)
        _count(queue, "NumberOfMessagesDeleted", before - len(queue["messages"]))
        return output

    return counted


def _delete_counted_for_mapping(url, handles):
    queue = _get_queue(url)
    before = len(queue["messages"])
    _delete_for_mapping(url, handles)
    _count(queue, "NumberOfMessagesDeleted", before - len(queue["messages"]))


sqs._get_q = _get_noticed_queue
sqs._collect_msgs = _collect_counted
sqs._delete_messages_for_esm = _delete_counted_for_mapping
sqs._HANDLERS["ReceiveMessage"] = _receive_counted
for _action in ("DeleteMessage", "DeleteMessageBatch"):
    sqs._HANDLERS[_action] = _deleting(_handlers[_action])
