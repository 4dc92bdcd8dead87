"""Makes REST APIs refuse and fail with API Gateway's own responses and statuses.

MiniStack passes a failed function's error to the caller, returns 429 if Lambda throttles the function, and 200 if a
function's response is malformed. It accepts any Authorization header. On AWS, all of these are gateway responses:

- 502 if the function fails or its response is malformed, 500 if Lambda refuses the invocation ("Handling Lambda errors
  with an API Gateway API" in Lambda's developer guide). All are INTEGRATION_FAILURE, whose own status, 504, replaces them
  if the API customizes that type; a status of DEFAULT_5XX replaces them too.
- 500 if the function's policy does not let the method invoke it, with AUTH=true.
- 403 (DEFAULT_4XX) if a method with AWS_IAM gets an Authorization header that is not of Signature Version 4.

The header x-laptop-function tells the gateway whether the function ran, since callers no longer see it. The gateway
removes it.
"""

import json

from ministack.app import AUTH
from ministack.core.sigv4 import foreign_authorization_failure, parse_header_signature
from ministack.services import apigateway_v1 as api_gateway

_FIELDS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}


class _Failed(Exception):
    def __init__(self, status, function):
        self.status = status
        self.function = function


class _IntegrationFailure(api_gateway._GatewayError):
    def __init__(self, failed):
        super().__init__("INTEGRATION_FAILURE", "Internal server error", "InternalServerErrorException")
        self.failed = failed


_invoke = api_gateway._invoke_lambda_proxy_v1
_render = api_gateway._gateway_error_response
_authorize = api_gateway._authorize_request_v1


def _proxy_response(result):
    if result.get("throttle"):
        raise _Failed(500, "refused")
    if result.get("error"):
        raise _Failed(502, "failed")
    response = _parsed(result.get("body"))
    if not _well_formed(response):
        raise _Failed(502, "malformed")
    return response, None


def _parsed(payload):
    """The function's response, parsed if it is JSON and otherwise as it is."""
    if isinstance(payload, bytes):
        payload = payload.decode("utf-8", errors="replace")
    try:
        return json.loads(payload) if isinstance(payload, str) else payload
    except json.JSONDecodeError:
        return payload


def _well_formed(response):
    """Whether API Gateway accepts a response: an object with known fields only, an integer status, a string body and scalar headers."""
    if not isinstance(response, dict) or not set(response) <= _FIELDS:
        return False
    body, headers = response.get("body"), response.get("headers")
    try:
        int(response.get("statusCode", 200))
    except (TypeError, ValueError):
        return False
    scalars = (str, bool, int, float)
    return (body is None or isinstance(body, str)) and (
        headers is None
        or (isinstance(headers, dict) and all(isinstance(value, scalars) for value in headers.values()))
    )


async def _invoke_as_on_aws(*given, **named):
    try:
        if AUTH and not _may_invoke(*given, **named):
            raise _Failed(500, "refused")
        return await _invoke(*given, **named)
    except _Failed as failed:
        return _IntegrationFailure(failed)


def _may_invoke(integration, api_id, stage_name, stage, resource, path, method, *_rest, owner_account_id, owner_region,
                **_named):
    """Whether the function's policy lets this API Gateway method invoke it."""
    from iam import deliveries

    reference = api_gateway._extract_lambda_ref_from_integration_uri(integration.get("uri", ""))
    return deliveries.api_may_invoke(
        reference, api_id, stage_name, method, resource["path"], owner_account_id, owner_region)


def _render_as_on_aws(error, request):
    status, headers, body = _render(error, request)
    failed = getattr(error, "failed", None)
    if failed is None:
        return status, headers, body
    customized = _customized(request)
    if "INTEGRATION_FAILURE" not in customized:
        status = int((customized.get("DEFAULT_5XX") or {}).get("statusCode") or failed.status)
    return status, {**headers, "x-laptop-function": failed.function}, body


def _customized(request):
    """The gateway responses in effect, as _gateway_error_response finds them."""
    api_id = request["api_id"]
    deployed = api_gateway._deployed_gateway_responses.get(api_id, {}).get(request["stage"].get("deploymentId"))
    return api_gateway._gateway_responses.get(api_id, {}) if deployed is None else deployed


async def _authorize_as_on_aws(api_id, stage_name, method_obj, method, path, resource, headers, *rest):
    if (method_obj.get("authorizationType") or "").upper() == "AWS_IAM":
        refused = _malformed(headers)
        if refused:
            error = api_gateway._GatewayError("DEFAULT_4XX", refused, "IncompleteSignatureException")
            return error, None
    return await _authorize(api_id, stage_name, method_obj, method, path, resource, headers, *rest)


def _malformed(headers):
    """The message for an Authorization header that is not a signature of version 4, or None."""
    lower = {name.lower(): value for name, value in headers.items()}
    authorization = lower.get("authorization", "")
    if not authorization:
        return None
    if not authorization.startswith("AWS4-"):
        return (foreign_authorization_failure(lower) or ("", "Incomplete signature"))[1]
    # The emulator asks for no date: the laptop's own examples send none.
    signature = parse_header_signature({"x-amz-date": "20260101T000000Z", **lower})
    return signature[1] if isinstance(signature, tuple) else None


api_gateway._lambda_proxy_response = _proxy_response
api_gateway._invoke_lambda_proxy_v1 = _invoke_as_on_aws
api_gateway._gateway_error_response = _render_as_on_aws
api_gateway._authorize_request_v1 = _authorize_as_on_aws
