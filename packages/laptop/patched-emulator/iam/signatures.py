"""Takes the gateway's word for whether a request's signature is right.

The gateway checks each signature before its gaps change the request, and says in x-laptop-signature that it is "valid", or
names the failure. MiniStack still checks the time, the key and the session token, and renders each failure as the service
does.
"""

import os
import re
from contextvars import ContextVar

from ministack import app as ministack
from ministack.core import iam_actions, iam_evaluator, sigv4
from ministack.core.responses import _account_from_sts_session
from ministack.services import iam as iam_service
from ministack.services import sts

verdict = ContextVar("verdict", default="")
authorization = ContextVar("authorization", default="")
# Of every key that names no other account.
_DEFAULT_ACCOUNT = "000000000000"
_pinning = ContextVar("pinning", default=False)

_ministack_failure = sigv4.header_signature_failure
_ministack_pin = ministack.pin_signed_request
_ministack_is_root = iam_evaluator._is_root_key


def _signature_failure(signature, secret, *request, **named):
    """The gateway's verdict. A request that came past the gateway has none, and is checked here."""
    said = verdict.get()
    if not said:
        return _ministack_failure(signature, secret, *request, **named)
    if signature.date_stamp != signature.amz_date[:8]:
        return "CredentialDateMismatch", (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. ")
    return None if said == "valid" else (said, sigv4.SIGNATURE_MISMATCH)


def _pin_signed_request(*request, **named):
    """Also the root user's signature. MiniStack lets every signature of root's pass."""
    token = _pinning.set(True)
    try:
        _ministack_pin(*request, **named)
    finally:
        _pinning.reset(token)


def _is_root_key(access_key_id):
    return not access_key_id if _pinning.get() else _ministack_is_root(access_key_id)


def foreign_scheme():
    """Refuses an Authorization header of another scheme, which MiniStack takes for root's. None without a header."""
    header = authorization.get()
    failure = header and not header.startswith("AWS4-") and sigv4.foreign_authorization_failure({"authorization": header})
    return iam_evaluator.AuthError("ForeignScheme", failure[1]) if failure else None


def secret_of(access_key_id):
    """The secret of an access key, whoever it belongs to, or None."""
    if _ministack_is_root(access_key_id):
        return os.environ.get("AWS_SECRET_ACCESS_KEY", "test")
    if access_key_id in sts._sessions:
        return sts._sessions[access_key_id].get("SecretAccessKey")
    return next((record.get("SecretAccessKey") for (_account, key), record in iam_service._access_keys.to_dict().items()
                 if key == access_key_id), None)


def account_of(access_key_id):
    """The account that an access key belongs to."""
    if re.fullmatch(r"\d{12}", access_key_id):
        return access_key_id
    return (_account_from_sts_session(access_key_id) or ministack.find_iam_access_key_account(access_key_id)
            or _DEFAULT_ACCOUNT)


def install():
    sigv4.header_signature_failure = _signature_failure
    ministack.pin_signed_request = _pin_signed_request
    iam_evaluator._is_root_key = _is_root_key
    iam_actions._AUTH_FAILURES["ForeignScheme"] = (
        "IncompleteSignature", 400, "IncompleteSignatureException",
        ("InvalidArgument", 400, "Unsupported Authorization Type"))
    iam_actions._AUTH_FAILURES["UnsignedHeaders"] = (
        "SignatureDoesNotMatch", 403, "InvalidSignatureException",
        ("AccessDenied", 403, "There were headers present in the request which were not signed"))
    iam_actions._AUTH_FAILURES["PayloadMismatch"] = (
        "SignatureDoesNotMatch", 403, "InvalidSignatureException",
        ("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed."))
