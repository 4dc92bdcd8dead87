"""MiniStack's application with the patches in this folder. Importing a patch applies it."""

import alias_rules  # noqa: F401
import api_policies  # noqa: F401
import callers_trace
import kept_streams  # noqa: F401
import late_lines  # noqa: F401
import metric_samples
import refused_requests  # noqa: F401
import sibling_variables  # noqa: F401
import snapshots
import stage_snapshots  # noqa: F401
import starts_in_turn  # noqa: F401
import waiting_events  # noqa: F401

app = snapshots.with_snapshots(metric_samples.answering(callers_trace.app))
