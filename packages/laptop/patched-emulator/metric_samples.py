"""Tells the gateway the samples of metrics, which it needs to evaluate alarms.

CloudWatch's API returns only statistics, from which percentiles for other periods cannot be derived. The samples stay in
MiniStack: this adds a path that AWS does not have, and changes nothing else.
"""

import json

from ministack.core.responses import get_account_id, request_scope
from ministack.services import cloudwatch

PATH = "/_laptop/metric-samples"


def answering(app):
    """Wraps an application, and serves the path."""

    async def wrapped(scope, receive, send):
        if scope.get("path") != PATH:
            return await app(scope, receive, send)
        body = json.dumps(_samples(json.loads(await _read(receive)))).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return wrapped


def _samples(request):
    with request_scope(get_account_id(), request["region"]):
        return [
            [_sample(point) for point in _points(metric) if point["Timestamp"] >= request["since"]]
            for metric in request["metrics"]
        ]


def _points(metric):
    dimensions = cloudwatch._dims_from_list(metric["dimensions"])
    return cloudwatch._metrics.get((metric["namespace"], metric["name"], cloudwatch._dims_key(dimensions))) or []


def _sample(point):
    count, total, minimum, maximum = cloudwatch._point_stats(point)
    return {
        "at": point["Timestamp"] * 1000,
        "unit": point.get("Unit"),
        "sampleCount": count,
        "sum": total,
        "minimum": minimum,
        "maximum": maximum,
    }


async def _read(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
