"""Refuses aliases that Lambda refuses: unknown versions, and weights that break its rules.

The rules are in Lambda's developer guide, "Implement Lambda canary deployments using a weighted alias", and in its API's
model. Its messages were seen on AWS, except for different dead-letter queues.
"""

import re

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc

_ministack_create = lambda_svc._create_alias
_ministack_update = lambda_svc._update_alias


def _create_alias(func_name, data):
    function = lambda_svc._functions.get(func_name)
    refusal = function and _refusal(func_name, function, {"FunctionVersion": "$LATEST", **data})
    return refusal or _ministack_create(func_name, data)


def _update_alias(func_name, alias_name, data):
    function = lambda_svc._functions.get(func_name)
    alias = ((function or {}).get("aliases") or {}).get(alias_name)
    refusal = alias and _refusal(func_name, function, {**alias, **data})
    return refusal or _ministack_update(func_name, alias_name, data)


def _refusal(name, function, alias):
    """Lambda's error, or None. An update that leaves the weights out keeps them, so they must suit its version."""
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    main = alias["FunctionVersion"]
    for version, weight in weights.items():
        malformed = _malformed(version, weight)
        if malformed:
            value = f"{{{version}={float(weight) if isinstance(weight, (int, float)) else weight}}}"
            return error_response_json(
                "ValidationException",
                f"1 validation error detected: Value '{value}' at 'routingConfig.additionalVersionWeights' failed to "
                f"satisfy constraint: {malformed}")
    missing = _missing(name, function, main)
    if missing:
        return missing
    if len(weights) > 1:
        return _invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    for version in weights:
        if version == main:
            return _invalid(f"Invalid function version {main}. "
                            f"Function version {main} is already included in routing configuration.")
        if main == "$LATEST":
            return _invalid("$LATEST is not supported for an alias pointing to more than 1 version")
        refusal = _missing(name, function, version) or _unlike(function, main, version)
        if refusal:
            return refusal
    return None


def _malformed(version, weight):
    """The constraint of the API's model that a weight violates, or None."""
    if not re.fullmatch("[0-9]{1,1024}", version):
        return ("Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have "
                "length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]")
    if not isinstance(weight, (int, float)) or not 0 <= weight <= 1:
        return ("Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have "
                "value greater than or equal to 0.0, Member must not be null]")
    return None


def _missing(name, function, version):
    if version == "$LATEST" or version in function["versions"]:
        return None
    return error_response_json(
        "ResourceNotFoundException", f"Function not found: {lambda_svc._func_arn(name)}:{version}", 404)


def _unlike(function, main, other):
    one, two = (function["versions"][version]["config"] for version in (main, other))
    if one.get("Role") != two.get("Role"):
        return _invalid("Specified versions must be associated with the same execution role")
    if _dead_letter_queue(one) != _dead_letter_queue(two):
        return _invalid("Specified versions must be associated with the same dead letter configuration")
    return None


def _dead_letter_queue(config):
    return (config.get("DeadLetterConfig") or {}).get("TargetArn")


def _invalid(message):
    return error_response_json("InvalidParameterValueException", message)


lambda_svc._create_alias = _create_alias
lambda_svc._update_alias = _update_alias
