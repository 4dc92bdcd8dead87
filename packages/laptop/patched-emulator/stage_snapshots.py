"""Makes a stage of a REST API serve the snapshot that its deployment took of the API, as on AWS.

MiniStack serves an API's current resources, except for its gateway responses. A route that was removed after the deployment
would then be gone here but still be served on AWS, and nobody would notice. A deployment from a checkpoint that was saved
before this patch existed has no snapshot: its stage serves the current resources.
"""

import copy
import json
from contextlib import contextmanager
from contextvars import ContextVar

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import apigateway_v1 as v1

# What a deployment contains, by the store that holds it. MiniStack itself keeps the gateway responses.
_STORES = ("_rest_apis", "_resources", "_models", "_authorizers_v1", "_request_validators")
_names = {id(getattr(v1, name)): name for name in _STORES}

# rest_api_id -> {deployment_id -> {store -> contents}}
_snapshots = AccountRegionScopedDict()
# The API that is being served and its snapshot.
_served = ContextVar("served", default=(None, None))


class _Store(AccountRegionScopedDict):
    """A store with two views of an API: as it was deployed, for the code that serves it, and as it is now, for everybody else."""

    __slots__ = ()

    def get(self, key, default=None):
        api_id, snapshot = _served.get()
        if snapshot is None or key != api_id:
            return super().get(key, default)
        contents = snapshot[_names[id(self)]]
        return default if contents is None else contents


for _name in _STORES:
    getattr(v1, _name).__class__ = _Store


@contextmanager
def _serving(api_id, stage_name):
    stage = v1._stages_v1.get(api_id, {}).get(stage_name) or {}
    snapshot = _snapshots.get(api_id, {}).get(stage.get("deploymentId"))
    token = _served.set((api_id, snapshot))
    try:
        yield
    finally:
        _served.reset(token)


_ministack_create = v1._create_deployment
_ministack_delete = v1._delete_deployment
_ministack_delete_api = v1._delete_rest_api
_ministack_execute = v1._handle_execute_in_scope
_ministack_export = v1._get_export
_state_without_snapshots = v1.get_state
_load_without_snapshots = v1.load_persisted_state


def _create_deployment(api_id, data):
    answer = _ministack_create(api_id, data)
    if answer[0] == 201:
        snapshot = {name: copy.deepcopy(getattr(v1, name).get(api_id)) for name in _STORES}
        _snapshots.setdefault(api_id, {})[json.loads(answer[2])["id"]] = snapshot
    return answer


def _delete_deployment(api_id, deployment_id):
    if any(stage.get("deploymentId") == deployment_id for stage in v1._stages_v1.get(api_id, {}).values()):
        return v1._v1_error(
            "BadRequestException", "Active stages pointing to this deployment must be moved or deleted", 400)
    _snapshots.get(api_id, {}).pop(deployment_id, None)
    return _ministack_delete(api_id, deployment_id)


def _delete_rest_api(api_id):
    _snapshots.pop(api_id, None)
    return _ministack_delete_api(api_id)


async def _handle_execute_in_scope(api_id, stage_name, *request):
    with _serving(api_id, stage_name):
        return await _ministack_execute(api_id, stage_name, *request)


def _get_export(api_id, stage_name, *request):
    with _serving(api_id, stage_name):
        return _ministack_export(api_id, stage_name, *request)


def _build_api_summary(api_id):
    """By path and method, what GetDeployment shows of a snapshot. MiniStack leaves out the authorization."""
    summary = {}
    for resource in v1._resources.get(api_id, {}).values():
        for http_method, method in resource.get("resourceMethods", {}).items():
            summary.setdefault(resource["path"], {})[http_method] = {
                "authorizationType": method.get("authorizationType", "NONE"),
                "apiKeyRequired": method.get("apiKeyRequired", False),
            }
    return summary


def _state():
    return {**_state_without_snapshots(), "stage_snapshots": copy.deepcopy(_snapshots)}


def _load(data):
    _load_without_snapshots(data)
    _snapshots.update((data or {}).get("stage_snapshots", {}))


v1._create_deployment = _create_deployment
v1._delete_deployment = _delete_deployment
v1._delete_rest_api = _delete_rest_api
v1._handle_execute_in_scope = _handle_execute_in_scope
v1._get_export = _get_export
v1._build_api_summary = _build_api_summary
v1.get_state = _state
v1.load_persisted_state = _load
