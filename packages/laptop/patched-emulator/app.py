"""MiniStack's application with the patches in this folder. Importing a patch applies it."""

import api_policies  # noqa: F401
import kept_streams  # noqa: F401
import late_lines  # noqa: F401
import refused_requests  # noqa: F401
import sibling_variables  # noqa: F401
import stage_snapshots  # noqa: F401
from callers_trace import app as traced
from iam import application

app = application(traced)
