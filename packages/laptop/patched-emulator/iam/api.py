"""Authorizes requests to methods with AWS_IAM: by signature, by the caller's policies and by the API's own."""

import json

from ministack import app as ministack
from ministack.core import iam_evaluator
from ministack.core.arn import execute_api_arn
from ministack.core.responses import request_scope, set_request_account_id
from ministack.core.router import extract_access_key_id
from ministack.services import apigateway_v1 as v1

_ministack_enforce = ministack._enforce_execute_api


def _enforce_execute_api(api_id, stage, method, execute_path, headers, query_params, iam_action="execute-api:Invoke"):
    """REST APIs decide later, in `refusal`, with the method and the API's own account and Region at hand."""
    if iam_action == "execute-api:Invoke" and v1.find_api_scope(api_id) is not None:
        return None
    return _ministack_enforce(api_id, stage, method, execute_path, headers, query_params, iam_action)


def refusal(api_id, stage_name, method, path, headers, query_params, owner_account_id, owner_region):
    """The gateway response for a request that the method's AWS_IAM refuses, or None."""
    lower = {name.lower(): value for name, value in headers.items()}
    service, region = _scope(lower, query_params or {})
    if service and service != "execute-api":
        return _unauthenticated("SignatureDoesNotMatch", "Credential should be scoped to correct service: 'execute-api'.")
    if region and region != owner_region:
        return _unauthenticated("SignatureDoesNotMatch", "Credential should be scoped to a valid region.")
    arn = execute_api_arn(owner_region, owner_account_id, api_id, stage_name, method, path)
    key = extract_access_key_id(headers, query_params)
    # As it was deployed, which is what the API serves.
    policy = _deployed_policy(arn)
    with request_scope(owner_account_id, owner_region):
        # Whom the key belongs to does not depend on whose API it is.
        set_request_account_id(ministack._request_account_scope(key) if key else "")
        denied = iam_evaluator.enforce(
            key, "execute-api:Invoke", "apigateway", owner_region, arn, resource_policy=policy)
    if denied is None:
        return None
    if isinstance(denied, iam_evaluator.AuthError):
        return _unauthenticated(denied.code, denied.message)
    shown = arn.replace(f":{owner_account_id}:", f":********{owner_account_id[-4:]}:", 1)
    return v1._gw_error("ACCESS_DENIED", denied.reason.replace(arn, shown))


def _deployed_policy(arn):
    """The policy of the API that is being served, as it was deployed, and its owner. MiniStack takes the current one."""
    _, _, _, region, account, resource = arn.split(":", 5)
    api_id = resource.split("/", 1)[0]
    policy = (v1._rest_apis.get(api_id) or {}).get("policy") or ""
    text = policy if isinstance(policy, str) else json.dumps(policy)
    return text.replace('"execute-api:/', f'"arn:aws:execute-api:{region}:{account}:{api_id}/'), account


def _scope(headers, query_params):
    """Service and Region in the credential scope; empty if there is none to read."""
    credential = iam_evaluator._query_value(query_params, "X-Amz-Credential")
    if not credential:
        _, _, rest = headers.get("authorization", "").partition("Credential=")
        credential = rest.split(",")[0]
    parts = credential.strip().split("/")
    return (parts[3], parts[2]) if len(parts) == 5 else ("", "")


def _unauthenticated(code, message):
    kind, error_type = v1._AUTHENTICATION_GATEWAY_ERRORS.get(code, ("DEFAULT_4XX", "UnrecognizedClientException"))
    return v1._GatewayError(kind, message, error_type)


def install():
    ministack._enforce_execute_api = _enforce_execute_api
    v1.rest_api_policy_for_arn = _deployed_policy
    v1._AUTHENTICATION_GATEWAY_ERRORS["ForeignScheme"] = ("DEFAULT_4XX", "IncompleteSignatureException")
    v1._AUTHENTICATION_GATEWAY_ERRORS["PayloadMismatch"] = ("INVALID_SIGNATURE", "InvalidSignatureException")
