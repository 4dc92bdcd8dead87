"""DynamoDB's streams outlive MiniStack.

On AWS a stream keeps each change for 24 hours. MiniStack writes a table's items at its stop and forgets its stream, and
with it each change that nobody has read yet.
"""

import copy

from ministack.services import dynamodb

_STORES = ("_stream_records", "_stream_trimmed", "_closed_streams")
_state_without_streams = dynamodb.get_state
_load_without_streams = dynamodb.load_persisted_state


def _state():
    return {**_state_without_streams(), **{name: copy.deepcopy(getattr(dynamodb, name)) for name in _STORES}}


def _load(data):
    _load_without_streams(data)
    for name in _STORES:
        getattr(dynamodb, name).update((data or {}).get(name, {}))


dynamodb.get_state = _state
dynamodb.load_persisted_state = _load
