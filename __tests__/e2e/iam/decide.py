"""Decides the requests on standard input, a list in JSON, and prints the decisions."""

import json
import sys

from iam import policies
from iam.callers import Caller
from iam.decisions import Policies, Request, decide


class Context:
    def __init__(self, keys):
        self._keys = {key.lower(): value for key, value in keys.items()}

    def get(self, key):
        return self._keys.get(key.lower())


def parsed(documents):
    return tuple((f"policy {index}", policies.parse(document)) for index, document in enumerate(documents))


def outcome(case):
    given = {kind: parsed(case[kind]) for kind in ("identity", "resource", "boundary", "session") if kind in case}
    decision = decide(Request(Caller(**case["caller"]), case["action"], case["on"], Context(case.get("keys", {}))),
                      Policies(**given, owner=case.get("owner", "")))
    if decision.allowed:
        return "allow"
    return decision.message() if case.get("message") else "explicit deny" if decision.explicit else "implicit deny"


def attempted(case):
    try:
        return outcome(case)
    except policies.MalformedPolicy:
        return "malformed"


print(json.dumps([attempted(case) for case in json.load(sys.stdin)]))
