"""Lets the gateway read raw metric samples, which it needs to evaluate alarms.

CloudWatch's API returns only statistics; percentiles of other periods cannot be derived from them. The samples stay in
MiniStack. With them comes the number of samples ever written, which tells whether there are new ones.
"""

import time

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

_bucket = cloudwatch._metric_bucket
# Another number after each start, since the gateway may outlive the emulator.
_writes = time.time_ns() // 1_000_000


def samples(request):
    with request_scope(request["account"], request["region"]):
        return {"writes": _writes, "samples": [_of(metric) for metric in request["metrics"]]}


def _of(metric):
    """The samples of a metric since a time, those of one value in one second as one."""
    counts = {}
    sets = []
    for point in _points(metric):
        if point["Timestamp"] < metric["since"]:
            continue
        count, total, minimum, maximum = cloudwatch._point_stats(point)
        at, unit = int(point["Timestamp"]) * 1000, point.get("Unit")
        if point.get("_stat") is None:
            counts[at, unit, minimum] = counts.get((at, unit, minimum), 0) + count
        else:
            sets.append(_sample(at, unit, count, total, minimum, maximum))
    return sets + [
        _sample(at, unit, count, value * count, value, value) for (at, unit, value), count in counts.items()
    ]


def _points(metric):
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric["dimensions"]))
    # An alarm may lack the name or the namespace: then no metric is found.
    return cloudwatch._metrics.get((metric.get("namespace"), metric.get("name"), dimensions)) or []


def _sample(at, unit, count, total, minimum, maximum):
    return {
        "at": at,
        "unit": unit,
        "sampleCount": count,
        "sum": total,
        "minimum": minimum,
        "maximum": maximum,
    }


def _counted_bucket(key):
    global _writes
    _writes += 1
    return _bucket(key)


cloudwatch._metric_bucket = _counted_bucket
