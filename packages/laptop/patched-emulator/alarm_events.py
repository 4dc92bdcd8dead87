"""Lets the gateway put the events of alarms on the default event bus.

Their source is aws.cloudwatch. PutEvents rejects such a source, as on AWS, unless a service of MiniStack calls it.
"""

from ministack.core.responses import request_scope


def put_event(request):
    # Loaded when it is needed, as MiniStack does.
    from ministack.services import eventbridge

    with request_scope(request["account"], request["region"]):
        eventbridge._put_events({"Entries": [request["entry"]]}, allow_aws_source=True)
    return {}
