"""What a request is about, where MiniStack leaves it incomplete: its action, resources and condition keys.

The sources are the tables of each service in the service authorization reference, and "Using IAM policy conditions for
fine-grained access control" in DynamoDB's developer guide.
"""

import base64
import json
import re

from ministack.core import iam_actions
from ministack.services import dynamodb

from . import passed_roles

_STREAM = re.compile(r"arn:aws[\w-]*:dynamodb:[^:]*:\d*:table/[\w.-]+/stream/[\d:.T-]+")
_PARTIQL = re.compile(r'\s*(SELECT\b.*?\bFROM|INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?([\w.-]+?)"?(?:\."?([\w.-]+)"?)?(?=[\s;]|$)',
                      re.IGNORECASE | re.DOTALL)
_KEY_CONDITION = re.compile(r"([#\w.-]+)\s*=\s*(:\w+)")

_action_of = iam_actions.extract_iam_action
_resource_of = iam_actions.extract_resource_arn
_context_of = iam_actions.dynamodb_service_context


def _action(service, method, path, headers, body, query_params, *rest):
    action = _action_of(service, method, path, headers, body, query_params, *rest)
    if action == "dynamodb:ExecuteStatement":
        verb = (_PARTIQL.match(iam_actions._safe_json_field(body, "Statement")) or ["", "Select"])[1].split()[0]
        return f"dynamodb:PartiQL{verb.capitalize()}"
    return action


def _resource(service, method, path, headers, body, query_params, region, account_id):
    if service in ("dynamodb", "dynamodbstreams") and "Streams_" in headers.get("x-amz-target", ""):
        return _stream_arn(body)
    found = _resource_of(service, method, path, headers, body, query_params, region, account_id)
    if service == "lambda" and path.rstrip("/").endswith("/invocations"):
        qualifier = iam_actions._query_param(query_params, "Qualifier")
        return f"{found}:{qualifier}" if qualifier and found.count(":") == 6 else found
    if service == "logs" and found.count(":") == 6 and ":log-group:" in found:
        # As AWS names log groups in its messages: with the stream, if there is one.
        return f"{found}:log-stream:{iam_actions._safe_json_field(body, 'logStreamName')}"
    if service == "dynamodb" and found == "*":
        statement = _PARTIQL.match(iam_actions._safe_json_field(body, "Statement"))
        if statement:
            index = f"/index/{statement[3]}" if statement[3] else ""
            return f"arn:aws:dynamodb:{region}:{account_id}:table/{statement[2]}{index}"
        return iam_actions._safe_json_field(body, "ResourceArn") or "*"
    if service == "ssm" and found == "*":
        names = [iam_actions._safe_json_field(body, "Path") or "", *_parsed(body).get("Names", [])]
        return next((_parameter(name, region, account_id) for name in names if name.strip("/")), "*")
    return found


def further_resources(action, resource):
    """The other resources of a call that needs its permission for each of them."""
    if action not in ("ssm:GetParameters", "ssm:DeleteParameters"):
        return []
    _, _, _, region, account, _ = (resource.split(":", 5) + [""] * 6)[:6]
    return [_parameter(name, region, account) for name in _parsed(passed_roles.body.get()).get("Names", [])[1:]]


def _parameter(name, region, account):
    return name if name.startswith("arn:") else f"arn:aws:ssm:{region}:{account}:parameter/{name.strip('/')}"


def _stream_arn(body):
    """An iterator names the stream that it belongs to."""
    iterator = iam_actions._safe_json_field(body, "ShardIterator")
    if not iterator:
        return iam_actions._safe_json_field(body, "StreamArn") or "*"
    found = _STREAM.search(base64.b64decode(iterator + "==").decode(errors="replace"))
    return found.group() if found else "*"


def _context(body):
    # Few policies have this key, so it is worked out when one does.
    return {**_context_of(body), "dynamodb:LeadingKeys": lambda: _leading_keys(_parsed(body))}


def _leading_keys(request):
    """The partition keys of the items that a request names, or None."""
    try:
        values = _partition_keys(request)
    except (AttributeError, StopIteration, TypeError):
        # DynamoDB itself refuses a malformed request.
        return None
    return [str(next(iter(value.values()))) for value in values if isinstance(value, dict) and value] or None


def _partition_keys(request):
    """As DynamoDB's typed values."""
    table = request.get("TableName")
    if table:
        name = _partition_key(table, request.get("IndexName"))
        item = request.get("Key") or request.get("Item")
        return [item.get(name)] if isinstance(item, dict) else _queried_keys(request, name)
    keys = []
    for table, requests in (request.get("RequestItems") or {}).items():
        name = _partition_key(table)
        items = requests.get("Keys", []) if isinstance(requests, dict) else [
            next(iter(one.values())).get("Item") or next(iter(one.values())).get("Key") for one in requests]
        keys += [item.get(name) for item in items if item]
    for one in request.get("TransactItems") or []:
        operation = next(iter(one.values()))
        item = operation.get("Item") or operation.get("Key") or {}
        keys.append(item.get(_partition_key(operation.get("TableName", ""))))
    return keys


def _queried_keys(request, name):
    condition = (request.get("KeyConditions") or {}).get(name)
    if condition:
        return condition.get("AttributeValueList", [])[:1]
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    return [values.get(value) for attribute, value in _KEY_CONDITION.findall(request.get("KeyConditionExpression") or "")
            if names.get(attribute, attribute) == name]


def _partition_key(table, index=None):
    """The name of a table's partition key, or of an index's."""
    record = dynamodb._tables.get(table.rsplit("/", 1)[-1]) or {}
    indexes = [*(record.get("GlobalSecondaryIndexes") or []), *(record.get("LocalSecondaryIndexes") or [])]
    schemas = [one.get("KeySchema") for one in indexes if index and one.get("IndexName") == index]
    schema = [*schemas, record.get("KeySchema")][0] or []
    return next((key["AttributeName"] for key in schema if key.get("KeyType") == "HASH"), "")


def _parsed(body):
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def install():
    iam_actions.extract_iam_action = _action
    iam_actions.extract_resource_arn = _resource
    iam_actions.dynamodb_service_context = _context
