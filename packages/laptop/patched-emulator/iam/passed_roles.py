"""Passing a role to a service needs iam:PassRole on the role, whatever else the caller may do."""

import re
from contextvars import ContextVar

from ministack import app as ministack

body = ContextVar("body", default=b"")

_ROLE = re.compile(rb'"\w*[rR]ole(?:A[rR][nN])?"\s*:\s*"(arn:aws[\w-]*:iam::\d{12}:role/[^"]+)"')

# The calls that pass a role, with the service that gets it.
_SERVICES = {
    "apigateway:PATCH": "apigateway.amazonaws.com",
    "events:PutTargets": "events.amazonaws.com",
    "firehose:CreateDeliveryStream": "firehose.amazonaws.com",
    "firehose:UpdateDestination": "firehose.amazonaws.com",
    "lambda:CreateFunction": "lambda.amazonaws.com",
    "lambda:UpdateFunctionConfiguration": "lambda.amazonaws.com",
    "logs:PutSubscriptionFilter": "logs.amazonaws.com",
    "pipes:CreatePipe": "pipes.amazonaws.com",
    "scheduler:CreateSchedule": "scheduler.amazonaws.com",
    "states:CreateStateMachine": "states.amazonaws.com",
}


def passed(action):
    """(role, service) for each role that the request being served passes."""
    service = _SERVICES.get(action)
    return [(role.decode(), service) for role in dict.fromkeys(_ROLE.findall(body.get()))] if service else []


def install():
    pin = ministack.pin_signed_body

    def pin_body(given):
        body.set(given)
        pin(given)

    ministack.pin_signed_body = pin_body
