"""Serves paths that AWS does not have, for the gateway only: POST /_laptop/<name>, with JSON in and out."""

import json

from alarm_events import put_event
from metric_samples import samples

_SERVED = {"/_laptop/event": put_event, "/_laptop/metric-samples": samples}


def with_laptop_paths(app):
    async def wrapped(scope, receive, send):
        serve = _SERVED.get(scope.get("path"))
        if serve is None:
            return await app(scope, receive, send)
        body = json.dumps(serve(json.loads(await _read(receive)))).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return wrapped


async def _read(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
