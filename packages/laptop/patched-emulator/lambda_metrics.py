"""Puts Lambda's metrics into MiniStack's CloudWatch."""

import threading

from ministack.services import cloudwatch

_lock = threading.Lock()


def put(values, dimension_sets, timestamp):
    """Adds one data point per metric and set of dimensions, for the account and Region of the current context.

    record_metric of MiniStack can lose a metric's first data points if threads create the metric at the same time.
    """
    with _lock:
        for dimensions in dimension_sets:
            for metric, value in values.items():
                bucket = cloudwatch._metric_bucket(("AWS/Lambda", metric, cloudwatch._dims_key(dimensions)))
                unit = "Milliseconds" if metric == "Duration" else "Count"
                point = {"Timestamp": timestamp, "Value": float(value), "Unit": unit, "Dimensions": dict(dimensions)}
                bucket.append(point)
