"""Makes API Gateway enforce the resource policy of a REST API, as it was deployed.

This follows "How API Gateway resource policies affect authorization workflow" in API Gateway's developer guide. An access
key of 12 digits belongs to the account with that number. With AUTH=true, signatures and identity policies decide together
with the resource policy. Without it, every other key belongs to the API's own account, and identity policies are not
evaluated. Every request counts as sent over TLS, as on AWS.
"""

import json
import re

from ministack.app import AUTH
from ministack.core.arn import execute_api_arn
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.router import extract_access_key_id
from ministack.services import apigateway_v1 as v1

_ministack_authorize = v1._authorize_request_v1
_own_api_scope = v1.find_api_scope


def _find_api_scope(api_id):
    """Callers of another account reach the API too: its id is unique among all accounts."""
    scopes = ((account, region) for (account, region, stored), _api in v1._rest_apis.all_items() if stored == api_id)
    return _own_api_scope(api_id) or next(scopes, None)


async def _authorize(api_id, stage_name, method_obj, method, request_path, resource, headers, body, query_params,
                     path_params, stage, owner_account_id, owner_region):
    error, context = await _ministack_authorize(
        api_id, stage_name, method_obj, method, request_path, resource, headers, body, query_params, path_params,
        stage, owner_account_id, owner_region)
    if error is not None:
        return error, context
    authorization = (method_obj.get("authorizationType") or "NONE").upper()
    if AUTH and authorization == "AWS_IAM":
        from iam import api

        refused = api.refusal(
            api_id, stage_name, method, request_path, headers, query_params, owner_account_id, owner_region)
        return refused, context
    caller = _caller_account(headers, query_params, owner_account_id) if authorization == "AWS_IAM" else None
    arn = execute_api_arn(owner_region, owner_account_id, api_id, stage_name, method, request_path)
    decision = _decision(api_id, arn, caller, owner_region)
    # Without a policy everybody may call, except other accounts.
    allowed = decision == "Allow" or (decision is None and caller in (None, owner_account_id))
    # In the API's own account, IAM decides if the policy does not. So does a Lambda authorizer.
    if decision == "ImplicitDeny":
        allowed = caller == owner_account_id or authorization == "CUSTOM"
    if allowed:
        return None, context
    who = f"arn:aws:iam::{caller}:root" if caller else "anonymous"
    why = " with an explicit deny" if decision == "Deny" else ""
    return v1._gw_error(
        "ACCESS_DENIED",
        f"User: {who} is not authorized to perform: execute-api:Invoke on resource: {arn}{why}"), context


def _caller_account(headers, query_params, owner_account_id):
    key = extract_access_key_id(headers, query_params or {}) or ""
    return key if re.fullmatch(r"\d{12}", key) else owner_account_id


def _decision(api_id, arn, caller, region):
    """Allow, Deny or ImplicitDeny; None if the API has no policy."""
    policy = (v1._rest_apis.get(api_id) or {}).get("policy") or ""
    if not policy:
        return None
    text = policy if isinstance(policy, str) else json.dumps(policy)
    text = text.replace('"execute-api:/', f'"{arn.split("/", 1)[0]}/')
    principal = (f"arn:aws:iam::{caller}:root", "Root", caller) if caller else ("*", "Anonymous", "")
    context = EvalContext(*principal, "execute-api:Invoke", arn, region, secure_transport=True)
    return evaluate_resource_policy(text, context).decision


v1.find_api_scope = _find_api_scope
v1._authorize_request_v1 = _authorize
