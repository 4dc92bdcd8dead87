"""Serializes calls as botocore sends them. Reads [service, operation, protocol, parameters] per line, writes requests."""

import base64
import json
import sys
from urllib.parse import urlencode

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

loader = Loader()
models = {}


def model_of(service):
    if service not in models:
        models[service] = ServiceModel(loader.load_service_model(service, "service-2"), service)
    return models[service]


def serialized(service, operation, protocol, parameters):
    model = model_of(service)
    serializer = create_serializer(protocol, include_validation=False)
    request = serializer.serialize_to_request(parameters, model.operation_model(operation))
    path, _, fixed = request["url_path"].partition("?")
    body = request["body"]
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    if isinstance(body, str):
        body = body.encode()
    query = request["query_string"]
    query = query if isinstance(query, str) else urlencode(query, doseq=True)
    return {
        "service": model.signing_name,
        "method": request["method"],
        "path": path,
        "query": "&".join(filter(None, [fixed, query])),
        "headers": {name.lower(): str(value) for name, value in request["headers"].items()},
        "body": base64.b64encode(body or b"").decode(),
    }


for line in sys.stdin:
    try:
        result = serialized(*json.loads(line))
    except Exception as error:  # The caller decides what an error means.
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result))
