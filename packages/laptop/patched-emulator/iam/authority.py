"""Who a caller of the emulator is, which policies it is subject to, and whether they allow a request."""

from ministack.core import iam_evaluator
from ministack.services import iam as iam_service
from ministack.services import sts

from . import denials, policies
from .callers import Caller
from .decisions import Policies, Request, decide

class Context:
    """A request's condition keys: those of the caller, those given, then the ones that every request has."""

    def __init__(self, context, given):
        self._context = context
        self._given = {key.lower(): value for key, value in given.items()}

    def get(self, key):
        lower = key.lower()
        if lower in self._given:
            value = self._given[lower]
        elif lower.startswith("aws:resourcetag/"):
            value = _tag(self._context.resource_arn, key.split("/", 1)[1])
        else:
            value = iam_evaluator._resolve_condition_key(key, self._context)
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else None if value is None else str(value)


def _tag(resource_arn, name):
    from ministack.services.tagging import resource_tags

    tags = resource_tags(resource_arn) if resource_arn.startswith("arn:") else None
    return next((value for key, value in (tags or {}).items() if key.lower() == name.lower()), None)


def request_of(caller, action, resource, region, keys=None, origin=None):
    """A request by a caller. `origin` is an EvalContext with the address and transport; by default, TLS on loopback."""
    context = iam_evaluator.EvalContext(caller.name, caller.kind, caller.account, action, resource, region)
    # Services call each other over TLS.
    context.secure_transport = origin.secure_transport if origin else True
    if origin:
        context.source_ip, context.request_tags, context.tag_keys = (
            origin.source_ip, origin.request_tags, origin.tag_keys)
    is_service = caller.kind == "Service"
    given = {
        "aws:principalarn": (caller.role if caller.kind == "AssumedRole" else caller.name) if caller.account else None,
        "aws:principalaccount": caller.account or None,
        "aws:principaltype": {"Root": "Account"}.get(caller.kind, None if is_service else caller.kind),
        "aws:principalisawsservice": "true" if is_service else "false",
        "aws:principalservicename": caller.name if is_service else None,
        # Services call with the event's address, which no policy can rely on.
        **({"aws:sourceip": None} if is_service else {}),
        **caller.keys,
        **(keys or {}),
    }
    return Request(caller, action, resource, Context(context, given))


def role_of(arn):
    """The role that an ARN names, as IAM stores it, or None."""
    fields = arn.split(":")
    if len(fields) < 6 or not fields[5].startswith("role/"):
        return None
    role = iam_service._roles.get_scoped(fields[4], None, fields[5].rsplit("/", 1)[-1])
    return role if role and role.get("Arn", arn) == arn else None


def role_session(role_arn, session):
    """A session of a role, as a service starts it."""
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    role = role_of(role_arn) or {}
    return Caller("AssumedRole", f"arn:aws:sts::{account}:assumed-role/{name}/{session}", account, role_arn,
                  role.get("RoleId", ""))


def caller_of(credential):
    """The caller whom an access key belongs to."""
    kind, account, arn = credential.principal_type, credential.account_id, credential.principal_arn
    keys = iam_evaluator._principal_keys(credential)
    if kind == "AssumedRole":
        name = iam_evaluator._role_name_from_assumed_arn(arn)
        role = iam_service._roles.get_scoped(account, None, name) or {}
        return Caller(kind, arn, account, role.get("Arn", f"arn:aws:iam::{account}:role/{name}"),
                      role.get("RoleId", ""), keys)
    if kind == "FederatedUser":
        user = (sts._sessions.get(credential.access_key_id) or {}).get("PrincipalName")
        return Caller(kind, arn, account, f"arn:aws:iam::{account}:user/{user}" if user else "", "", keys)
    return Caller(kind, arn, account, "", credential.principal_id if kind == "User" else "", keys)


def identity_policies(caller, access_key_id=""):
    """The identity policies, boundary and session policies of a caller, by the fields of Policies."""
    session = sts._sessions.get(access_key_id) or {}
    store, name = _identity(caller)
    if store is None:
        # A user federated by the account's root has every permission that the session policies leave.
        everything = (("root", policies.parse(_EVERYTHING)),) if caller.kind == "FederatedUser" else ()
        found = {"identity": everything}
    else:
        identity = store.get_scoped(caller.account, None, name) or {}
        documents = [(policy, document) for policy, document in _inline(caller.kind, identity, name, caller.account)]
        documents += _managed(identity, caller.account)
        documents += _of_groups(name, caller.account) if store is iam_service._users else []
        boundary = identity.get("PermissionsBoundary")
        found = {"identity": _parsed(documents)}
        if boundary:
            found["boundary"] = _parsed([(_short(boundary), _document(boundary, caller.account))])
    passed = session.get("SessionPolicies")
    if passed is not None:
        documents = [("the session's policy", passed.get("Policy"))]
        documents += [(_short(arn), _document(arn, caller.account)) for arn in passed.get("PolicyArns", [])]
        found["session"] = _parsed(documents)
    return found


def check(request, given, resource_policy=None, told=True):
    """
    Decides, and tells a denial.

    `given` is what identity_policies returns, and `resource_policy` (document, owner's account) or None.
    """
    document, owner = resource_policy or (None, "")
    resource = _parsed([("the resource's policy", document)]) if document else ()
    decision = decide(request, Policies(**given, resource=resource, owner=owner or ""))
    if told and not decision.allowed:
        denials.tell(decision)
    return decision


def trusts(role_arn, service, region, keys=None, told=True):
    """Whether a role exists and its trust policy lets a service assume it."""
    role = role_of(role_arn)
    if role is None:
        return False
    request = request_of(Caller("Service", service), "sts:AssumeRole", role_arn, region, keys)
    trust = [("the trust policy", role.get("AssumeRolePolicyDocument"))]
    decision = decide(request, Policies(resource=_parsed(trust), owner=role_arn.split(":")[4]))
    if told and not decision.allowed:
        denials.tell(decision)
    return decision.allowed


_EVERYTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'


def _identity(caller):
    """Where IAM stores the caller, and under which name."""
    if caller.kind == "User":
        return iam_service._users, caller.name.rsplit("/", 1)[-1]
    if caller.kind == "AssumedRole":
        return iam_service._roles, caller.role.rsplit("/", 1)[-1]
    if caller.kind == "FederatedUser" and caller.role:
        return iam_service._users, caller.role.rsplit("/", 1)[-1]
    return None, ""


def _inline(kind, identity, name, account):
    if kind == "AssumedRole":
        return (identity.get("InlinePolicies") or {}).items()
    return (iam_service._user_inline_policies.get_scoped(account, None, name) or {}).items()


def _of_groups(user, account):
    documents = []
    for (owner, group_name), group in iam_service._groups.to_dict().items():
        if owner == account and user in group.get("Users", []):
            documents += (iam_service._group_inline_policies.get_scoped(account, None, group_name) or {}).items()
            documents += _managed(group, account)
    return documents


def _managed(identity, account):
    return [(_short(arn), _document(arn, account)) for arn in identity.get("AttachedPolicies", [])]


def _document(arn, account):
    return iam_evaluator._resolve_managed_policy_document(arn, account)


def _short(arn):
    return arn.rsplit("/", 1)[-1]


def _parsed(documents):
    """Named statements. A document that IAM would have refused has none."""
    parsed = []
    for name, document in documents:
        try:
            parsed.append((name, policies.parse(document)) if document else (name, ()))
        except policies.MalformedPolicy:
            parsed.append((name, ()))
    return tuple(parsed)
