"""Signs schemathesis' requests, and excludes what the document cannot say and where the emulator differs from AWS.

Each exclusion is one function, with its reason. schemathesis.toml has the statuses that an operation may return to a
valid request. At the end, the file in SCHEMATHESIS_COUNTS says how many requests each operation got, and which exclusions
nothing needed.
"""

import atexit
import json
import os
import tomllib
from collections import Counter
from pathlib import Path

import schemathesis
from schemathesis.openapi.checks import MissingHeaderNotRejected
from sigv4 import SigV4

schemathesis.auth.set_from_requests(
    SigV4(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["AWS_REGION"])
)


requests = Counter()
statuses = Counter()
used = Counter()


def operation_id(case):
    return case.operation.definition.raw.get("operationId")


@schemathesis.hook
def after_call(context, case, response):
    requests[operation_id(case)] += 1
    statuses[operation_id(case), is_positive(case), response.status_code] += 1


def is_positive(case):
    return case.meta is not None and case.meta.generation.mode.is_positive


def sends_one_precondition(case):
    """If-Match and If-None-Match exclude each other. OpenAPI cannot say so of two parameters."""
    return not {"If-Match", "If-None-Match"} <= set(case.headers or {})


def lists_a_range(case):
    """`from` is not after `to`. OpenAPI cannot compare two parameters."""
    query = case.query or {}
    return not ("from" in query and "to" in query and int(query["from"]) > int(query["to"]))


def writes_integers_plainly(case):
    """JSON schema takes 1.0 for an integer. API Gateway's models (draft 4) do not, and docs/api.md says so."""
    return not (isinstance(case.body, dict) and isinstance(case.body.get("timestamp"), float))


VALID_REQUESTS = (sends_one_precondition, lists_a_range, writes_integers_plainly)


@schemathesis.hook
def filter_case(context, case):
    broken = [valid.__name__ for valid in VALID_REQUESTS if is_positive(case) and not valid(case)]
    used.update(broken)
    return not broken


def has_foreign_cursor(failure, case, response):
    """A cursor belongs to one list, so a made-up one gets 400. A pattern cannot say where a cursor comes from."""
    return (
        operation_id(case) == "listItems"
        and "cursor" in (case.query or {})
        and response.status_code == 400
        and response.json()["detail"].startswith("The cursor belongs to")
    )


def is_unsigned(failure, case, response):
    """API Gateway refuses a request without a signature with 403. The check insists on 401."""
    return (
        isinstance(failure, MissingHeaderNotRejected)
        and failure.header_name.lower() == "authorization"
        and response.status_code == 403
    )


EXCLUDED_FAILURES = (has_foreign_cursor, is_unsigned)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    reasons = [excluded.__name__ for excluded in EXCLUDED_FAILURES if excluded(failure, case, response)]
    used.update(reasons)
    return not reasons


def unused_exclusions():
    yield from (rule.__name__ for rule in VALID_REQUESTS + EXCLUDED_FAILURES if used[rule.__name__] == 0)
    config = tomllib.loads(Path(__file__).with_name("schemathesis.toml").read_text())
    for operation in config["operations"]:
        name = operation["include-operation-id"]
        for check, is_valid in (("positive_data_acceptance", True), ("negative_data_rejection", False)):
            for status in operation["checks"][check]["expected-statuses"]:
                if status != "2xx" and statuses[name, is_valid, status] == 0:
                    yield f"{name}: {check}: {status}"


@atexit.register
def write_counts():
    with open(os.environ["SCHEMATHESIS_COUNTS"], "w") as file:
        json.dump({"requests": requests, "unusedExclusions": list(unused_exclusions())}, file)
