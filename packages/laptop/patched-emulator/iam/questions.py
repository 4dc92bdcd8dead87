"""What the gateway asks, under /_laptop/, and what it says in headers."""

import json
from hashlib import sha256

from ministack.app import AUTH
from ministack.core import iam_evaluator, sigv4
from ministack.core.responses import request_scope
from ministack.services import sts

from . import authority, denials, services, signatures

_KEYS = "/_laptop/keys/"
_CALLERS = "/_laptop/callers/"
_SESSIONS = "/_laptop/sessions"
_ALLOWED = "/_laptop/allowed"
_MAY_PUBLISH = "/_laptop/may-publish"


def middleware(app):
    """Answers the gateway's questions, and keeps its headers from MiniStack, which would pass them on to functions."""
    async def wrapped(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        path = scope["path"]
        if path.startswith(_KEYS):
            return await _respond(send, _key(path.removeprefix(_KEYS)))
        if path.startswith(_CALLERS):
            return await _respond(send, _caller(path.removeprefix(_CALLERS)))
        if path == _SESSIONS:
            return await _respond(send, _session(json.loads(await _body(receive))))
        if path == _ALLOWED:
            return await _respond(send, _allowed(json.loads(await _body(receive))))
        if path == _MAY_PUBLISH:
            return await _respond(send, _may_publish(json.loads(await _body(receive))))
        headers = dict(scope["headers"])
        signatures.verdict.set(headers.get(b"x-laptop-signature", b"").decode("latin-1"))
        signatures.authorization.set(sigv4.decode_header_value(headers.get(b"authorization", b"")))
        denials.trace.set(headers.get(b"x-amzn-trace-id", b"").decode("latin-1"))
        kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"x-laptop-signature"]
        return await app({**scope, "headers": kept}, receive, send)
    return wrapped


def _key(access_key_id):
    """The secret of an access key and its account, as JSON. None if there is no such key."""
    secret = signatures.secret_of(access_key_id)
    if not secret:
        return None
    return json.dumps({"secretAccessKey": secret, "account": signatures.account_of(access_key_id)})


def _caller(access_key_id):
    """Whose access key it is, as JSON. None if it is nobody's."""
    found = iam_evaluator.resolve_caller_identity(access_key_id)
    return json.dumps({"userArn": found["userArn"], "accountId": found["accountId"]}) if found else None


def _allowed(asked):
    """Whether a role trusts a service and may make a call: some text, or None."""
    role, service, session = asked["role"], asked["service"], asked["session"]
    if not AUTH:
        return "yes"
    trusted = authority.trusts(role, service, asked["region"], asked.get("keys"))
    return "yes" if trusted and services.role_may(role, session, asked["action"], asked["resource"],
                                                  asked["region"]) else None


def _may_publish(asked):
    """Whether a topic's policy lets a service publish to it: some text, or None."""
    if not AUTH:
        return "yes"
    with request_scope(asked["source"].split(":")[4], asked["topic"].split(":")[3]):
        return "yes" if services.may_publish(asked["service"], asked["topic"], asked["source"]) else None


def _session(asked):
    """The credentials of a session that a service starts with a role, as JSON. None if the role does not trust it."""
    role, service = asked["role"], asked["service"]
    if not AUTH:
        # The root user of the role's account.
        return json.dumps({"accessKeyId": (role.split(":") + ["", "", "", "", ""])[4] or "test", "secretAccessKey": "test"})
    if not authority.trusts(role, service, asked["region"], asked.get("keys")):
        return None
    # The same session each time, so that the list of sessions does not grow.
    digest = sha256(json.dumps([role, service, asked["session"]]).encode()).hexdigest()
    access_key, secret, token = f"ASIA{digest[:16].upper()}", digest[16:56], digest
    caller = authority.role_session(role, asked["session"])
    sts.register_session(access_key, {
        "Arn": caller.name, "UserId": f"{caller.unique_id}:{asked['session']}", "AccountId": caller.account,
        "PrincipalType": "AssumedRole", "SecretAccessKey": secret, "SessionToken": token})
    return json.dumps({"accessKeyId": access_key, "secretAccessKey": secret, "sessionToken": token})


async def _body(receive):
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _respond(send, text):
    await send({"type": "http.response.start", "status": 200 if text else 404, "headers": []})
    await send({"type": "http.response.body", "body": (text or "").encode()})
