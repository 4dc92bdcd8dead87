"""What AWS services do in their own name or with a role, where MiniStack asks nobody: whether they may."""

from ministack.core import responses
from ministack.core.arn import ArnParseError, parse_arn
from ministack.services import lambda_svc, sns, sqs

from . import authority
from .callers import service as service_caller


def may_invoke(service, function_arn, source_arn, source_account=""):
    """Whether a function's policy lets a service invoke it for a source, such as a rule or a topic."""
    _record, config, _name = _function(function_arn)
    if config is None:
        return True
    resource = _qualified(config, function_arn)
    # A version's record has no policy.
    function, _config, _name = _function(":".join(resource.split(":")[:7]))
    keys = _source(source_arn, source_account)
    return _service_may(service, "lambda:InvokeFunction", resource, keys, function.get("policy"))


def may_send(service, queue_arn, source_arn, source_account=""):
    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return True
    keys = _source(source_arn, source_account)
    return _service_may(service, "sqs:SendMessage", queue_arn, keys, queue["attributes"].get("Policy"))


def may_publish(service, topic_arn, source_arn, source_account=""):
    topic = sns._topic_by_arn_any_scope(topic_arn)
    if topic is None:
        return True
    keys = _source(source_arn, source_account)
    # Only these two set the key on which a topic's default policy depends.
    if service in ("cloudwatch.amazonaws.com", "s3.amazonaws.com"):
        keys["aws:SourceOwner"] = keys["aws:SourceAccount"]
    return _service_may(service, "sns:Publish", topic_arn, keys, topic.get("attributes", {}).get("Policy"))


def role_may(role_arn, session, action, resource, region="", policy=None, keys=None, told=True):
    """Whether a role's session may make a call. `policy` is the resource's own (document, owner), if it has one."""
    caller = authority.role_session(role_arn, session)
    request = authority.request_of(caller, action, resource, region or responses.get_region(), keys)
    return authority.check(request, authority.identity_policies(caller), policy, told).allowed


def function_may(config, action, resource, policy=None, told=True):
    """Whether a function's role may make a call, as when Lambda makes it for the function."""
    region = config.get("FunctionArn", ":::").split(":")[3]
    return role_may(config.get("Role", ""), config.get("FunctionName", ""), action, resource, region, policy,
                    told=told)


def may_write_to(config, target_arn):
    """Whether a function's role may send to a destination or dead-letter queue."""
    try:
        spec = parse_arn(target_arn)
    except ArnParseError:
        return True
    action = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction",
              "events": "events:PutEvents"}.get(spec.service)
    return action is None or function_may(config, action, target_arn, policy_of(spec.service, target_arn))


def policy_of(service, arn):
    """A resource's own policy and its owner, or None."""
    from ministack.core import iam_evaluator

    return iam_evaluator._resource_policy(service, arn)


def guarded(module, name, allowed):
    """Makes a function of MiniStack do nothing unless `allowed` agrees, with the same arguments."""
    original = getattr(module, name)
    setattr(module, name, lambda *given, **named: original(*given, **named) if allowed(*given, **named) else None)


def refused(module, name, problem):
    """Makes a function of MiniStack return a problem's response, if there is a problem with its arguments."""
    original = getattr(module, name)
    setattr(module, name, lambda *given, **named: problem(*given) or original(*given, **named))


def _source(source_arn, source_account):
    return {"aws:SourceArn": source_arn, "aws:SourceAccount": source_account or _account(source_arn)}


def _service_may(service, action, resource, keys, document):
    region = resource.split(":")[3] or responses.get_region()
    request = authority.request_of(service_caller(service), action, resource, region, keys)
    return authority.check(request, {}, (document, resource.split(":")[4])).allowed


def _function(arn):
    fields = arn.split(":")
    if len(fields) < 7:
        return lambda_svc._get_func_record_for_ref(arn)
    return lambda_svc._get_func_record_for_ref_in_scope(arn, account_id=fields[4], region=fields[3])


def _qualified(config, reference):
    """The ARN that a permission names: with the alias or version, if the reference has one."""
    unqualified = ":".join(config["FunctionArn"].split(":")[:7])
    fields = reference.split(":")
    qualifier = fields[7] if len(fields) > 7 else fields[1] if len(fields) == 2 else ""
    return f"{unqualified}:{qualifier}" if qualifier and qualifier != "$LATEST" else unqualified


def _account(arn):
    fields = arn.split(":")
    return (fields[4] if len(fields) > 5 else "") or responses.get_account_id()
