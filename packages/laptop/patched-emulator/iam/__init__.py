"""IAM as AWS enforces it. MiniStack enforces it too with AUTH=true, which this builds on.

MiniStack authenticates callers, derives the action, resource and condition keys of each request (requested.py and
resource_policies.py complete them), and renders failures in each service's protocol. The modules here decide
(decisions.py), check what services do themselves (deliveries.py) and with roles (given_roles.py, function_roles.py), take
the gateway's word about signatures (signatures.py), and tell the gateway of denials (denials.py).
"""

import os

from ministack.app import AUTH

from . import (
    api,
    deliveries,
    enforcement,
    function_roles,
    given_roles,
    passed_roles,
    questions,
    requested,
    resource_policies,
    signatures,
)

# What each replaces in MiniStack, in this order.
_PARTS = (signatures, passed_roles, requested, resource_policies, enforcement, api, given_roles, deliveries, function_roles)


def application(app):
    """The application to serve. Without AUTH=true, everybody may do everything, but the gateway's questions are answered."""
    # Functions inherit the environment.
    os.environ.pop("AUTH", None)
    if AUTH:
        for part in _PARTS:
            part.install()
    return questions.middleware(app)
