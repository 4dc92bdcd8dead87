"""Deliveries between services happen only if the target's policy, or the role that the service assumes, allows them."""

from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import cloudwatch, cloudwatch_logs, eventbridge, firehose, lambda_svc, s3, sns, sqs

from . import authority
from .services import (
    function_may,
    guarded,
    may_invoke,
    may_publish,
    may_send,
    may_write_to,
    policy_of,
    refused,
    role_may,
)

# What EventBridge does with a target's role.
_ROLE_ACTIONS = {"states": "states:StartExecution", "events": "events:PutEvents", "firehose": "firehose:PutRecord",
                 "kinesis": "kinesis:PutRecord"}
# What EventBridge Scheduler does besides these.
_SCHEDULE_ACTIONS = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish"}


def api_may_invoke(function_reference, api_id, stage_name, method, resource_path, account, region):
    source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{stage_name}/{method}{resource_path}"
    return may_invoke("apigateway.amazonaws.com", function_reference, source, account)


def _rule_may(target, event, rule, view=None):
    arn, source, role = target.get("Arn", ""), rule.get("Arn", ""), target.get("RoleArn")
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if source.startswith("arn:aws:scheduler:"):
        return _schedule_may(service, arn, source, role or "")
    if service == "lambda":
        return may_invoke("events.amazonaws.com", arn, source)
    if role:
        action = _ROLE_ACTIONS.get(service)
        return action is None or (
            authority.trusts(role, "events.amazonaws.com", get_region(), {"aws:SourceArn": source})
            and role_may(role, "events", action, arn))
    if service == "sqs":
        return may_send("events.amazonaws.com", arn, source)
    return may_publish("events.amazonaws.com", arn, source) if service == "sns" else True


def _schedule_may(service, arn, source, role):
    """EventBridge Scheduler does everything with the schedule's role."""
    action = {**_ROLE_ACTIONS, **_SCHEDULE_ACTIONS}.get(service)
    fields = source.split(":")
    # It names the group: schedule/<group>/<name>.
    keys = {"aws:SourceArn": ":".join([*fields[:5], f"schedule-group/{fields[5].split('/')[1]}"]),
            "aws:SourceAccount": fields[4]}
    return action is None or (
        authority.trusts(role, "scheduler.amazonaws.com", get_region(), keys)
        and role_may(role, "scheduler", action, arn, policy=policy_of(service, arn)))


def _topic_may_invoke(endpoint, envelope, topic_arn, *_rest):
    return may_invoke("sns.amazonaws.com", endpoint, topic_arn)


def _bucket_may_invoke(arn, event_payload, *_rest):
    bucket = ((event_payload.get("Records") or [{}])[0].get("s3") or {}).get("bucket", {}).get("name", "")
    return may_invoke("s3.amazonaws.com", arn, f"arn:aws:s3:::{bucket}", get_account_id())


def _permitted_actions(alarm):
    """The alarm with those topics whose policy lets CloudWatch publish for it."""
    source = alarm.get("AlarmArn", "")
    kept = {name: [arn for arn in alarm.get(name) or [] if ":sns:" not in arn or may_publish(
                "cloudwatch.amazonaws.com", arn, source)]
            for name in ("AlarmActions", "OKActions", "InsufficientDataActions")}
    return {**alarm, **kept}


def _may_log(func, *_rest, **_named):
    """Lambda writes a function's log with the function's role."""
    config = func.get("config") or func
    region, account = get_region(), get_account_id()
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}"
    arn = f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{config.get('Version', '$LATEST')}"
    if group not in cloudwatch_logs._log_groups and not function_may(config, "logs:CreateLogGroup", arn):
        return False
    return all(function_may(config, action, arn) for action in ("logs:CreateLogStream", "logs:PutLogEvents"))


def _may_route_failure(target_arn, func_name, *_rest):
    function = lambda_svc._functions.get(func_name)
    return function is None or may_write_to(function["config"], target_arn)


def _may_trace(config, *_inbound):
    """A function whose role may not write to X-Ray is not traced."""
    active = (config.get("TracingConfig") or {}).get("Mode") == "Active"
    return not active or function_may(config, "xray:PutTraceSegments", "*")


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
    "dynamodb": ("dynamodb", ("DescribeStream", "GetRecords", "GetShardIterator"),
                 "Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, "
                 "DescribeStream, and ListStreams Actions on your stream in IAM."),
    "kinesis": ("kinesis", ("DescribeStream", "GetRecords", "GetShardIterator"),
                "Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, "
                "DescribeStream, ListShards, and ListStreams Actions on your stream in IAM."),
    "sqs": ("sqs", ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
            "The function execution role does not have permissions to call {action} on SQS"),
}


def _mapping_problem(data):
    """Lambda's response to a mapping whose function cannot read the source, or None."""
    source = data.get("EventSourceArn", "")
    service = source.split(":")[2] if source.count(":") >= 5 else ""
    function, config, _name = lambda_svc._get_func_record_for_ref(data.get("FunctionName", ""))
    if service not in _SOURCES or function is None:
        return None
    prefix, actions, message = _SOURCES[service]
    for action in actions:
        if not function_may(config, f"{prefix}:{action}", source, policy_of(service, source)):
            return _invalid(message.format(arn=source, action=action))
    failure = ((data.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination", "")
    if failure and not may_write_to(config, failure):
        return _invalid(f"The provided execution role does not have permissions to write to {failure}")
    return None


def _may_deliver(stream, dest, *_rest, **_named):
    """Firehose writes to the bucket with its role."""
    config = dest["config"]
    role, bucket = config.get("RoleARN", ""), config.get("BucketARN", "")
    resource = f"{bucket}/{config.get('Prefix', '').split('!')[0]}{stream['name']}"
    keys = {"sts:ExternalId": get_account_id()}
    return authority.trusts(role, "firehose.amazonaws.com", get_region(), keys) and role_may(
        role, stream["name"], "s3:PutObject", resource, policy=policy_of("s3", resource))


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
    # MiniStack asks nobody if there is no policy.
    sqs.queue_policy_allows = lambda arn, service, source, account: may_send(service, arn, source, account)
    sns.topic_policy_allows = lambda arn, service, source, account: may_publish(service, arn, source, account)
    guarded(eventbridge, "_invoke_target", _rule_may)
    guarded(sns, "_deliver_to_lambda", _topic_may_invoke)
    guarded(s3, "_deliver_event_to_lambda", _bucket_may_invoke)
    guarded(lambda_svc, "_emit_lambda_logs", _may_log)
    guarded(lambda_svc, "_route_async_failure", _may_route_failure)
    refused(lambda_svc, "_create_function", _create_problem)
    refused(lambda_svc, "_update_config", _update_problem)
    refused(lambda_svc, "_create_esm", _mapping_problem)
    refused(cloudwatch_logs, "_put_subscription_filter", _subscription_problem)
    guarded(firehose, "_deliver_to_s3", _may_deliver)
    guarded(lambda_svc, "_xray_trace_id_for_invocation", _may_trace)
    dispatch = cloudwatch._dispatch_alarm_actions
    cloudwatch._dispatch_alarm_actions = lambda alarm, *rest: dispatch(_permitted_actions(alarm), *rest)
