"""Decides a request, as documented in "Policy evaluation logic" in the IAM user guide, without organizations."""

import re
from dataclasses import dataclass, field

from . import patterns
from .callers import Caller

IDENTITY, RESOURCE, BOUNDARY, SESSION = "identity", "resource", "boundary", "session"
_TITLES = {IDENTITY: "identity-based policy", RESOURCE: "resource-based policy", BOUNDARY: "permissions boundary",
           SESSION: "session policy"}
# Anyone may make these calls, whatever a policy says.
_FREE = {"sts:getcalleridentity", "sts:getsessiontoken"}
# Keys and roles are closed to their own account, unless their policy opens them.
_CLOSED = re.compile(r"kms:.*|sts:(AssumeRole\w*|TagSession|SetSourceIdentity)", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    caller: Caller
    action: str
    # An ARN; "*" for actions that have no resource.
    resource: str
    # Condition keys: an object with get(key), which ignores the key's case.
    context: object


@dataclass(frozen=True)
class Policies:
    """Policies by type, each as (name, statements). A boundary and session policies limit only if they are not None."""

    identity: tuple = ()
    resource: tuple = ()
    boundary: tuple | None = None
    session: tuple | None = None
    # The account that owns the resource. By default the ARN's; the caller's, if the ARN has none, as with S3.
    owner: str = ""

    def of(self, kind):
        return getattr(self, kind) or ()


@dataclass(frozen=True)
class Decision:
    allowed: bool
    # The deciding statement as (type of policy, its name, statement). None for an implicit deny.
    by: tuple | None = None
    # For an implicit deny: the type of policy that lacks a grant.
    lacking: str = ""
    # For an implicit deny: why the closest statement of that type does not allow it.
    almost: str = ""
    request: Request = field(default=None, compare=False)

    @property
    def explicit(self):
        return not self.allowed and self.by is not None

    def message(self, action="", resource=""):
        """As in "Troubleshoot access denied error messages" in the IAM user guide."""
        action, resource = action or self.request.action, resource or self.request.resource
        on = "" if resource == "*" else f" on resource: {resource}"
        if self.explicit:
            article = "an" if self.by[0] == IDENTITY else "a"
            why = f"with an explicit deny in {article} {_TITLES[self.by[0]]}"
        else:
            why = f"because no {_TITLES[self.lacking]} allows the {action} action"
        return f"User: {self.request.caller.name} is not authorized to perform: {action}{on} {why}"


def decide(request, policies):
    if request.action.lower() in _FREE:
        return Decision(True, request=request)
    search = _Search(request, policies)
    for kind in (IDENTITY, RESOURCE, BOUNDARY, SESSION):
        denying = search.first(kind, allows=False)
        if denying:
            return Decision(False, denying, request=request)
    allowing, lacking = _allowing(search)
    if allowing:
        return Decision(True, allowing if isinstance(allowing, tuple) else None, request=request)
    return Decision(False, None, lacking, search.almost(lacking), request)


def _allowing(search):
    """(what allows, or None; the type of policy that lacks a grant)."""
    request, policies = search.request, search.policies
    caller = request.caller
    direct = search.first(RESOURCE, grants=("direct",))
    # Outside of an account, there is no identity whose policies could allow anything.
    if not caller.account:
        return direct, RESOURCE
    identity = True if caller.kind == "Root" else search.first(IDENTITY)
    fields = request.resource.split(":")
    owner = policies.owner or (fields[4] if len(fields) > 5 else "") or caller.account
    anyone = search.first(RESOURCE, grants=("direct", "role", "account"))
    if owner != caller.account:
        if not anyone:
            return None, RESOURCE
        return _limited(search, identity, IDENTITY)
    if direct:
        return direct, RESOURCE
    role = search.first(RESOURCE, grants=("role",))
    if role or not (_CLOSED.fullmatch(request.action) and request.resource != "*"):
        return _limited(search, role or identity, IDENTITY)
    return _limited(search, identity, IDENTITY) if anyone else (None, RESOURCE)


def _limited(search, allowing, lacking):
    """Limits what is allowed to the boundary and the session policies."""
    if not allowing:
        return None, lacking
    for kind in (BOUNDARY, SESSION):
        if getattr(search.policies, kind) is not None and not search.first(kind):
            return None, kind
    return allowing, lacking


class _Search:
    def __init__(self, request, policies):
        self.request, self.policies = request, policies

    def first(self, kind, allows=True, grants=None):
        """The first statement that applies, as (type of policy, its name, statement)."""
        for name, statement in self._each(kind, allows):
            if statement.names_action(self.request.action) and not self._differences(kind, statement, grants):
                return kind, name, statement
        return None

    def almost(self, kind):
        """Why the statement that is closest to a grant is none."""
        found = [(name, statement, self._differences(kind, statement, None, stop=False))
                 for name, statement in self._each(kind, True) if statement.names_action(self.request.action)]
        if not found:
            return ""
        name, statement, differences = min(found, key=lambda one: len(one[2]))
        return f"{statement.title} of {name} allows it {differences[0]}" if differences else ""

    def _each(self, kind, allows):
        return [(name, statement) for name, statements in self.policies.of(kind) for statement in statements
                if statement.allows == allows]

    def _differences(self, kind, statement, grants, stop=True):
        """What keeps a statement about the action from applying. The cheapest comparisons come first."""
        differences = []
        if kind == RESOURCE:
            grant = statement.grant_to(self.request.caller)
            if grant is None or (grants and grant not in grants):
                differences.append("to others")
        use = patterns.RESOURCE if kind == RESOURCE else patterns.IDENTITY
        if not (stop and differences) and not statement.names_resource(
                self.request.resource, self.request.context, use):
            differences.append(_resources(statement))
        if not (stop and differences):
            differences += [f"only if {operator} {key} {' or '.join(values)}"
                            for operator, key, values in statement.failed_conditions(self.request.context)]
        return differences


def _resources(statement):
    if statement.resources is None:
        return "on no resource"
    return f"on {'everything except ' if statement.resources.inverted else ''}{', '.join(statement.resources.values)}"
