"""IAM as AWS enforces it. MiniStack enforces it too with AUTH=true, which this builds on.

MiniStack authenticates callers, derives the action, resource and condition keys of each request, and renders failures in
each service's protocol. The modules here decide (decisions.py), check what services do themselves (deliveries.py), take
the gateway's word about signatures (signatures.py) and tell the gateway of denials (denials.py).
"""

import os

from ministack.app import AUTH

from . import api, deliveries, enforcement, passed_roles, questions, signatures


def application(app):
    """The application to serve. Without AUTH=true, everybody may do everything, but the gateway's questions are answered."""
    # Functions inherit the environment.
    os.environ.pop("AUTH", None)
    if AUTH:
        for part in (signatures, passed_roles, enforcement, api, deliveries):
            part.install()
    return questions.middleware(app)
