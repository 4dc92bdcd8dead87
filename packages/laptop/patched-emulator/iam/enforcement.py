"""Makes MiniStack decide requests with the evaluator in this folder.

MiniStack authenticates the caller, and works out the action, resource and condition keys of a request. Its own evaluator
compares ArnLike as a whole, knows neither policy variables nor NotPrincipal, denies a user or role whom a trust policy
names, and lets the root user pass a resource policy that denies it.
"""

import base64
import re
from contextvars import ContextVar

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import _account_from_sts_session, get_account_id

from . import authority, passed_roles, policies, signatures
from .callers import Caller, anonymous, service as service_caller

# The caller of the request being served, and the policies it is subject to.
_caller = ContextVar("caller", default=None)
_denied = ContextVar("denied", default=None)

_STREAM = re.compile(r"arn:aws[\w-]*:dynamodb:[^:]*:\d*:table/[\w.-]+/stream/[\d:.T-]+")

_resource_arn = iam_actions.extract_resource_arn
_denied_response = iam_actions.access_denied_response
_validate_document = iam_evaluator.validate_policy_document


def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None, resource_policy=None):
    """As MiniStack's own: None if the request is allowed, an AuthError, or an EvalResult.

    `resource_policy` is the resource's (policy, owner's account). By default, the service is asked for it.
    """
    account = get_account_id()
    failure = iam_evaluator._s3_scope_failure(service)
    if failure:
        return failure
    anonymous_ok = service == "s3" or iam_action in ("execute-api:Invoke", "lambda:InvokeFunctionUrl")
    if iam_evaluator._anonymous.get() and not anonymous_ok and not iam_evaluator._served_unsigned(service, iam_action):
        message = iam_actions.anonymous_denial_message(service, iam_action, resource_arn)
        return iam_evaluator.AuthError("MissingAuthenticationToken", message)
    unsigned = anonymous_ok and not access_key_id and iam_evaluator._signed_request.get() is None
    checked = None if unsigned else iam_evaluator.authenticate(access_key_id or "", account)
    if isinstance(checked, iam_evaluator.AuthError):
        return checked
    if not access_key_id:
        # The service itself decides what an unsigned request may do.
        return signatures.foreign_scheme()
    credential = checked or _credential_of(access_key_id, account)
    if isinstance(credential, iam_evaluator.AuthError):
        return credential
    caller = authority.caller_of(credential)
    given = authority.identity_policies(caller, access_key_id)
    _caller.set((caller, given))
    if iam_action in ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"):
        # Decided together with the role's trust policy, in evaluate_trust_policy.
        return None
    keys = {"aws:tagkeys": None, **{key.lower(): value for key, value in (service_context or {}).items()}}
    request = authority.request_of(caller, iam_action, resource_arn, region, keys, _origin())
    own = resource_policy or _resource_policy(service, iam_action, resource_arn, keys)
    decision = authority.check(request, given, own)
    if not decision.allowed:
        return _result(decision)
    for role, receiver in passed_roles.passed(iam_action) if caller.kind != "Root" else ():
        passing = authority.request_of(
            caller, "iam:PassRole", role, region, {"iam:PassedToService": receiver}, _origin())
        decision = authority.check(passing, given)
        if not decision.allowed:
            return _result(decision)
    return None


def _credential_of(access_key_id, account):
    found = iam_evaluator.resolve_credential(access_key_id, _account_from_sts_session(access_key_id) or account)
    if isinstance(found, iam_evaluator.CredentialResolutionError):
        return iam_evaluator.AuthError(found.code, found.message)
    return found


def _origin():
    return iam_evaluator.EvalContext("", "", "", "", "", "")


def _resource_policy(service, iam_action, resource_arn, keys):
    """The resource's own policy and its owner, as in MiniStack's enforce."""
    found = iam_evaluator._resource_policy(service, resource_arn)
    if found is not None and service == "s3" and "MultiRegionAccessPoint" in iam_action:
        return None
    if found is None and service == "s3" and "s3:dataaccesspointarn" in keys:
        from ministack.services.s3 import access_point_policy_for_arn

        return access_point_policy_for_arn(resource_arn)
    return found


def _result(decision):
    _denied.set(decision)
    result = iam_evaluator.EvalResult(
        "Deny" if decision.explicit else "ImplicitDeny", decision.request.caller.name, "", decision.message())
    if decision.explicit and decision.by[0] == "resource":
        result.resource_policy_arn = decision.request.resource
    return result


def evaluate_resource_policy(doc, ctx, service=None, named_only=False, direct_only=False):
    """Whether a resource's policy alone allows a caller: an AWS service, someone anonymous, or an account's root."""
    if ctx.principal_type == "Service" and service:
        caller = service_caller(service)
    elif ctx.principal_type == "Anonymous" or ctx.principal_arn in ("*", ""):
        caller = anonymous()
    else:
        caller = Caller(ctx.principal_type, ctx.principal_arn, ctx.principal_account)
    keys = {**ctx.principal_keys, **ctx.service_context}
    request = authority.request_of(
        caller, ctx.action, ctx.resource_arn, ctx.region, keys, None if caller.kind == "Service" else ctx)
    # The owner is another account than the caller's, so that the policy has to allow.
    decision = authority.check(request, {"identity": ()}, (doc, "elsewhere"), told=caller.kind == "Service") \
        if not caller.account else _by_policy_alone(request, doc)
    if decision.allowed:
        return iam_evaluator.EvalResult("Allow", ctx.principal_arn)
    return iam_evaluator.EvalResult("Deny" if decision.explicit else "ImplicitDeny", ctx.principal_arn,
                                    resource_policy_arn=ctx.resource_arn)


def _by_policy_alone(request, doc):
    """The decision of a resource's policy for a caller whose own policies are not asked."""
    everything = (("everything", policies.parse(authority._EVERYTHING)),)
    return authority.check(request, {"identity": everything}, (doc, "elsewhere"), told=False)


def resource_policy_allows(raw_policy, ctx, same_account):
    """SQS and SNS ask a second time, after enforce has taken the resource's policy into account."""
    return True


def evaluate_trust_policy(trust_doc, caller_arn, ctx=None):
    """Whether a caller may assume a role: by its trust policy together with the caller's own policies."""
    resource = ctx.resource_arn if ctx else "*"
    action = ctx.action if ctx else "sts:AssumeRole"
    keys = {**ctx.principal_keys, **ctx.service_context} if ctx else {}
    if action == "sts:AssumeRoleWithWebIdentity":
        caller, given = Caller("WebIdentityUser", caller_arn), {"identity": ()}
    else:
        caller, given = _caller.get() or (Caller("Root", caller_arn, caller_arn.split(":")[4]), {"identity": ()})
    keys.update({f"aws:requesttag/{name.lower()}": value for name, value in (ctx.request_tags if ctx else {}).items()})
    keys["aws:tagkeys"] = list(ctx.tag_keys) or None if ctx else None
    request = authority.request_of(caller, action, resource, ctx.region if ctx else "", keys, _origin())
    return authority.check(request, given, (trust_doc, resource.split(":")[4] if ":" in resource else "")).allowed


def _access_denied_response(service, action, principal_arn, request_id, **named):
    """With AWS's message about the decision, instead of one that guesses it."""
    decision = _denied.get()
    if not named.get("error_code") and decision is not None and principal_arn == decision.request.caller.name:
        named = {**named, "message": named.get("message") or decision.message()}
        if service in ("ssm", "logs"):
            # These two ignore the given message.
            named["resource_arn"] = decision.request.resource
    return _denied_response(service, action, principal_arn, request_id, **named)


def _extract_resource_arn(service, method, path, headers, body, query_params, region, account_id):
    """The resources that MiniStack leaves incomplete: Lambda's qualifier, log streams, and streams of tables."""
    if service in ("dynamodb", "dynamodbstreams") and "Streams_" in headers.get("x-amz-target", ""):
        return _stream_arn(body)
    found = _resource_arn(service, method, path, headers, body, query_params, region, account_id)
    if service == "lambda" and path.rstrip("/").endswith("/invocations"):
        qualifier = iam_actions._query_param(query_params, "Qualifier")
        return f"{found}:{qualifier}" if qualifier and found.count(":") == 6 else found
    if service == "logs" and found.count(":") == 6 and ":log-group:" in found:
        # As AWS names log groups in its messages: with the stream, if there is one.
        return f"{found}:log-stream:{iam_actions._safe_json_field(body, 'logStreamName')}"
    return found


def _stream_arn(body):
    """An iterator names the stream that it belongs to."""
    iterator = iam_actions._safe_json_field(body, "ShardIterator")
    if not iterator:
        return iam_actions._safe_json_field(body, "StreamArn") or "*"
    found = _STREAM.search(base64.b64decode(iterator + "==").decode(errors="replace"))
    return found.group() if found else "*"


def _validate_policy_document(doc):
    """Also what IAM refuses and MiniStack accepts: an unknown operator, version or kind of value."""
    try:
        policies.parse(doc)
    except policies.MalformedPolicy as malformed:
        return str(malformed)
    return _validate_document(doc)


def install():
    iam_evaluator.enforce = enforce
    iam_evaluator.evaluate_resource_policy = evaluate_resource_policy
    iam_evaluator.resource_policy_allows = resource_policy_allows
    iam_evaluator.evaluate_trust_policy = evaluate_trust_policy
    iam_evaluator.validate_policy_document = _validate_policy_document
    iam_actions.access_denied_response = _access_denied_response
    iam_actions.extract_resource_arn = _extract_resource_arn
