"""Rejects a second path variable under one resource of a REST API, as AWS does. MiniStack accepts any number of them."""

from ministack.services import apigateway_v1 as v1

_ministack_create = v1._create_resource


def _create_resource(api_id, parent_id, data):
    path_part = data.get("pathPart", "")
    for resource in v1._resources.get(api_id, {}).values():
        taken = resource.get("pathPart", "")
        if (resource.get("parentId") == parent_id and taken != path_part
                and path_part.startswith("{") and taken.startswith("{")):
            return v1._v1_error(
                "BadRequestException",
                f"A sibling ({taken}) of this resource already has a variable path part -- only one is allowed",
                400)
    return _ministack_create(api_id, parent_id, data)


v1._create_resource = _create_resource
