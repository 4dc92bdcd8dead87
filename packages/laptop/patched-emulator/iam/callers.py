"""Who makes a request, and the names by which policies know the caller."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """`kind` is Root, User, AssumedRole, FederatedUser, WebIdentityUser, Service or Anonymous."""

    kind: str
    # The ARN, a service's name, an identity provider, or "anonymous".
    name: str
    account: str = ""
    # Of a role session: the role's ARN. Of a federated user: the user's.
    role: str = ""
    # For example AROA… or AIDA….
    unique_id: str = ""
    keys: dict = field(default_factory=dict, compare=False, hash=False)


def service(name, **keys):
    """An AWS service that acts in its own name, such as events.amazonaws.com."""
    return Caller("Service", name, keys=keys)


def anonymous():
    return Caller("Anonymous", "anonymous")


def names_of(caller):
    """(type of principal, text, grant), the most specific first.

    Within an account, a "direct" grant is limited by no boundary; a grant to the "role" is, and "account" leaves the
    decision to the caller's own policies.
    """
    names = [("AWS", "*", "direct")]
    if caller.kind == "Service":
        names.append(("Service", caller.name, "direct"))
    elif caller.kind == "WebIdentityUser":
        names.append(("Federated", caller.name, "direct"))
    elif caller.kind in ("User", "AssumedRole", "FederatedUser"):
        names.append(("AWS", caller.name, "direct"))
        unique = "direct" if caller.kind == "User" else "role"
        names += [("AWS", caller.role, "role")] if caller.role else []
        names += [("AWS", caller.unique_id, unique)] if caller.unique_id else []
    if caller.account:
        names += [("AWS", caller.account, "account"), ("AWS", f"arn:aws:iam::{caller.account}:root", "account")]
    return names
