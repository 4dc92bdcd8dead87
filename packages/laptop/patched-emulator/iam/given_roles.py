"""Services check the roles that they are given: whether they may assume them, and whether a role may do what it is for."""

from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import cloudwatch_logs, firehose, lambda_svc, scheduler

from . import authority
from .services import function_may, may_invoke, may_write_to, policy_of, refused, role_may


def _create_problem(data):
    return _role_problem(data, data.get("Role", ""))


def _update_problem(name, data):
    if name not in lambda_svc._functions or not {"Role", "DeadLetterConfig"} & data.keys():
        return None
    return _role_problem(data, data.get("Role") or lambda_svc._functions[name]["config"].get("Role", ""))


def _role_problem(data, role):
    """Lambda's response to a role that it cannot assume, or that cannot send to the dead-letter queue."""
    if not authority.trusts(role, "lambda.amazonaws.com", get_region()):
        return _invalid("The role defined for the function cannot be assumed by Lambda.")
    target = (data.get("DeadLetterConfig") or {}).get("TargetArn")
    config = {"Role": role, "FunctionName": data.get("FunctionName", ""), "FunctionArn": f":::{get_region()}"}
    if target and not may_write_to(config, target):
        call = "SendMessage on SQS" if ":sqs:" in target else "Publish on SNS"
        return _invalid(f"The provided execution role does not have permissions to call {call}")
    return None


_SOURCES = {
    "dynamodb": (("DescribeStream", "GetRecords", "GetShardIterator"),
                 "Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, "
                 "DescribeStream, and ListStreams Actions on your stream in IAM."),
    "kinesis": (("DescribeStream", "GetRecords", "GetShardIterator"),
                "Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, "
                "DescribeStream, ListShards, and ListStreams Actions on your stream in IAM."),
    "sqs": (("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
            "The function execution role does not have permissions to call {action} on SQS"),
}


def unreadable(config, source):
    """The first call that a function's role may not make to read a source, or None."""
    service = source.split(":")[2]
    actions, _message = _SOURCES.get(service, ((), ""))
    return next((action for action in actions
                 if not function_may(config, f"{service}:{action}", source, policy_of(service, source))), None)


def _mapping_problem(data):
    """Lambda's response to a mapping whose function cannot read the source, or None."""
    source = data.get("EventSourceArn", "")
    service = source.split(":")[2] if source.count(":") >= 5 else ""
    function, config, _name = lambda_svc._get_func_record_for_ref(data.get("FunctionName", ""))
    if service not in _SOURCES or function is None:
        return None
    denied = unreadable(config, source)
    if denied:
        return _invalid(_SOURCES[service][1].format(arn=source, action=denied))
    failure = ((data.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination", "")
    if failure and not may_write_to(config, failure):
        return _invalid(f"The provided execution role does not have permissions to write to {failure}")
    return None


def _changed_mapping_problem(mapping_id, data):
    mapping = lambda_svc._esms.get(mapping_id)
    if mapping is None or not {"FunctionName", "DestinationConfig"} & data.keys():
        return None
    function = mapping["FunctionName"] + (f":{mapping['Qualifier']}" if mapping.get("Qualifier") else "")
    return _mapping_problem({"FunctionName": function, **data, "EventSourceArn": mapping.get("EventSourceArn", "")})


def _destination_problem(name, _qualifier, data):
    """Lambda's response to a destination that the function's role cannot write to, or None."""
    function = lambda_svc._functions.get(name)
    for destination in (data.get("DestinationConfig") or {}).values() if function else ():
        target = (destination or {}).get("Destination", "")
        if target and not may_write_to(function["config"], target):
            calls = {"sqs": "SendMessage", "sns": "Publish", "lambda": "InvokeFunction"}
            call = calls.get(target.split(":")[2], "PutEvents")
            return _invalid(f"The function's execution role does not have permissions to call {call} on {target}")
    return None


def _stream_problem(data):
    """Firehose's response to a destination's role that it cannot assume, or None."""
    for name, config in data.items():
        role = config.get("RoleARN") if isinstance(config, dict) else None
        if role and name.endswith(("DestinationConfiguration", "DestinationUpdate")) and not authority.trusts(
                role, "firehose.amazonaws.com", get_region(), {"sts:ExternalId": get_account_id()}):
            return _invalid(f"Firehose is unable to assume role {role}. Please check the role provided.",
                            "InvalidArgumentException")
    return None


def _schedule_problem(name, data):
    """EventBridge Scheduler's response to a role that it cannot assume, or None."""
    role = (data.get("Target") or {}).get("RoleArn")
    keys = {"aws:SourceArn": scheduler._group_arn(data.get("GroupName", "default")), "aws:SourceAccount": get_account_id()}
    if role and not authority.trusts(role, "scheduler.amazonaws.com", get_region(), keys):
        return _invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
                        "ValidationException")
    return None


def _subscription_problem(data):
    """CloudWatch Logs sends a test message when a subscription filter is created."""
    role, destination = data.get("roleArn"), data.get("destinationArn", "")
    group = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{data.get('logGroupName')}:*"
    if ":lambda:" in destination and not role:
        service = f"logs.{get_region()}.amazonaws.com"
        if not (may_invoke("logs.amazonaws.com", destination, group)
                or may_invoke(service, destination, group)):
            return _invalid("Could not execute the lambda function. Make sure you have given CloudWatch Logs permission "
                            "to execute your function.", "InvalidParameterException")
        return None
    kind = "firehose" if ":firehose:" in destination else "kinesis" if ":kinesis:" in destination else ""
    if not role or not kind:
        return None
    keys = {"aws:SourceArn": group, "aws:SourceAccount": get_account_id()}
    if authority.trusts(role, f"logs.{get_region()}.amazonaws.com", get_region(), keys) and role_may(
            role, "logs", f"{kind}:PutRecord", destination):
        return None
    name = "Firehose" if kind == "firehose" else "Kinesis"
    return _invalid(f"Could not deliver test message to specified {name} stream. Check if the given {name} stream is in "
                    "ACTIVE state.", "InvalidParameterException")


def _invalid(message, code="InvalidParameterValueException"):
    return error_response_json(code, message, 400)


def install():
    refused(lambda_svc, "_create_function", _create_problem)
    refused(lambda_svc, "_update_config", _update_problem)
    refused(lambda_svc, "_create_esm", _mapping_problem)
    refused(lambda_svc, "_update_esm", _changed_mapping_problem)
    refused(lambda_svc, "_put_event_invoke_config", _destination_problem)
    refused(cloudwatch_logs, "_put_subscription_filter", _subscription_problem)
    refused(firehose, "_create_delivery_stream", _stream_problem)
    refused(firehose, "_update_destination", _stream_problem)
    firehose._HANDLERS.update(
        CreateDeliveryStream=firehose._create_delivery_stream, UpdateDestination=firehose._update_destination)
    refused(scheduler, "_create_schedule", _schedule_problem)
    refused(scheduler, "_update_schedule", _schedule_problem)
