"""Keeps DynamoDB streams across restarts of MiniStack.

On AWS, a stream keeps each change for 24 hours. When MiniStack stops, it saves the items of a table but not its stream, so
changes that have not been read yet would be lost.
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
