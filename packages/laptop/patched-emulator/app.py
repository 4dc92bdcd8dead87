"""MiniStack's application with the patches in this folder. Importing a patch applies it."""

import alias_rules  # noqa: F401
import api_policies  # noqa: F401
import callers_trace
import kept_streams  # noqa: F401
import laptop_paths
import late_lines  # noqa: F401
import queue_metrics
import refused_requests  # noqa: F401
import sibling_variables  # noqa: F401
import snapshots
import stage_snapshots  # noqa: F401
import starts_in_turn  # noqa: F401
import waiting_events  # noqa: F401
from iam import application

# The last part, because it guards what the other patches have made.
_app = application(callers_trace.app)
app = snapshots.with_snapshots(laptop_paths.with_laptop_paths(queue_metrics.with_queue_metrics(_app)))
