"""Resource policies that MiniStack stores but does not ask: those of tables, streams and event buses."""

import json

from ministack.core import iam_evaluator
from ministack.core.responses import json_response
from ministack.services import dynamodb, eventbridge

_ministack_put_permission = eventbridge._put_permission


def _table_policy(arn):
    """The resource policy of a table, which covers its indexes, or of a stream."""
    _, _, _, region, account, resource = arn.split(":", 5)
    owner = arn if "/stream/" in resource else ":".join(arn.split(":")[:5]) + ":" + "/".join(resource.split("/")[:2])
    entry = dynamodb._resource_policies.get_scoped(account, region, owner)
    return (entry["Policy"], account) if entry else None


def _bus_policy(arn):
    _, _, _, region, account, resource = arn.split(":", 5)
    policy = eventbridge._event_bus_policies.get_scoped(account, region, resource.removeprefix("event-bus/"))
    return (json.dumps(policy), account) if policy else None


def _put_permission(data):
    """Also takes a whole policy, which MiniStack ignores, and names accounts as a policy does."""
    bus = (data.get("EventBusName") or "default").rsplit("/", 1)[-1]
    if data.get("Policy"):
        eventbridge._event_bus_policies[bus] = json.loads(data["Policy"])
        return json_response({})
    given = {**data, "EventBusName": bus}
    if str(data.get("Principal", "*")).isdigit():
        given["Principal"] = {"AWS": f"arn:aws:iam::{data['Principal']}:root"}
    if data.get("Condition"):
        condition = data["Condition"]
        given["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    return _ministack_put_permission(given)


def install():
    dynamodb.policy_for_arn = _table_policy
    eventbridge.policy_for_arn = _bus_policy
    eventbridge._put_permission = _put_permission
    iam_evaluator._RESOURCE_POLICY_LOOKUPS.update(
        dynamodb=("dynamodb", "policy_for_arn"), dynamodbstreams=("dynamodb", "policy_for_arn"),
        events=("eventbridge", "policy_for_arn"))
