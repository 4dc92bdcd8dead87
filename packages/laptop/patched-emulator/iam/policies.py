"""Policy documents and what their statements match."""

import json
from dataclasses import dataclass
from functools import lru_cache

from . import conditions, patterns
from .callers import names_of


class MalformedPolicy(ValueError):
    """What AWS rejects as MalformedPolicyDocument."""


@dataclass(frozen=True)
class Selection:
    """The values of an element. Inverted, as in NotAction, it selects everything else."""

    values: tuple
    inverted: bool

    def selects(self, matches):
        return any(map(matches, self.values)) != self.inverted


@dataclass(frozen=True)
class Statement:
    sid: str
    index: int
    allows: bool
    actions: Selection
    resources: Selection | None
    principals: Selection | None
    conditions: tuple
    variables: bool

    @property
    def title(self):
        return f"statement {self.sid or self.index + 1}"

    def names_action(self, action):
        return self.actions.selects(lambda value: patterns.glob(((value, False),), True).fullmatch(action) is not None)

    def names_resource(self, resource, context, use):
        if self.resources is None:
            return use == patterns.RESOURCE

        def matches(value):
            pieces = patterns.pieces_of(value, context, self.variables)
            return pieces is not None and patterns.arn(pieces, use).fullmatch(resource) is not None

        return self.resources.selects(matches)

    def failed_conditions(self, context):
        return [(operator.name, key, values) for operator, key, values in self.conditions
                if not operator.holds(values, context.get(key), context, self.variables)]

    def grant_to(self, caller):
        """How the statement names a caller: "direct", "role", "account", or None. NotPrincipal names directly."""
        if self.principals is None:
            return None
        names = names_of(caller)

        def listed(name):
            return name[:2] in self.principals.values

        if not self.principals.inverted:
            return next((name[2] for name in names if listed(name)), None)
        # "You must also specify the account ARN of the not-denied principal": each of the caller's own names.
        everyone = listed(("AWS", "*"))
        account = [name for name in names if name[2] == "account"]
        own = [name for name in names if name[2] != "account" and name[1] != "*"]
        excepted = own + account and all(map(listed, own)) and (not account or any(map(listed, account)))
        return None if everyone or excepted else "direct"


def parse(document):
    """The statements of a document: JSON, or what it parses to. @raises MalformedPolicy"""
    return _parsed(document if isinstance(document, str) else json.dumps(document))


@lru_cache(maxsize=2_000)
def _parsed(text):
    try:
        policy = json.loads(text)
    except json.JSONDecodeError as error:
        raise MalformedPolicy("Syntax errors in policy.") from error
    statements = _fields(policy, "policy").get("Statement", [])
    version = policy.get("Version", "2008-10-17")
    if version not in ("2012-10-17", "2008-10-17"):
        raise MalformedPolicy(f"The policy must contain a valid version string, got {version}")
    listed = statements if isinstance(statements, list) else [statements]
    return tuple(_statement(fields, index, version == "2012-10-17") for index, fields in enumerate(listed))


def _statement(given, index, variables):
    where = f"statement {index + 1}"
    fields = _fields(given, where)
    effect = fields.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicy(f"{where}: Effect must be Allow or Deny, got {effect}")
    actions = _selection(fields, "Action", where)
    if actions is None:
        raise MalformedPolicy(f"{where}: Policy statement must contain actions.")
    return Statement(
        fields.get("Sid") or "", index, effect == "Allow", actions, _selection(fields, "Resource", where),
        _principals(fields, where), _conditions(fields.get("Condition") or {}, where), variables)


def _selection(fields, element, where):
    name = _only(fields, element, where)
    return None if name is None else Selection(_texts(fields[name], where), name != element)


def _principals(fields, where):
    name = _only(fields, "Principal", where)
    if name is None:
        return None
    given = fields[name]
    given = {"AWS": "*"} if given == "*" else _fields(given, f"{where}, {name}")
    values = tuple((kind, text) for kind, texts in given.items() for text in _texts(texts, where))
    return Selection(values, name != "Principal")


def _only(fields, element, where):
    """The name of an element or its inverse, whichever a statement has."""
    names = [name for name in (element, f"Not{element}") if name in fields]
    if len(names) > 1:
        raise MalformedPolicy(f"{where} must not have both {names[0]} and {names[1]}")
    return names[0] if names else None


def _conditions(given, where):
    found = []
    for name, keys in _fields(given, f"{where}, Condition").items():
        operator = conditions.parse(name)
        if operator is None:
            raise MalformedPolicy(f"{where}: Invalid Condition type : {name}.")
        found += [(operator, key, _texts(values, where)) for key, values in _fields(keys, f"{where}, {name}").items()]
    return tuple(found)


def _texts(given, where):
    values = given if isinstance(given, list) else [given]
    for value in values:
        if not isinstance(value, (str, bool, int, float)):
            raise MalformedPolicy(f"{where} must hold texts, got {json.dumps(value)}")
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def _fields(given, where):
    if not isinstance(given, dict):
        raise MalformedPolicy(f"{where} must be an object, got {json.dumps(given)}")
    return given
