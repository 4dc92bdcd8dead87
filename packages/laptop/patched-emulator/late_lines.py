"""Waits longer for a function's log lines, which can be late on a busy machine.

MiniStack reads them separately from the response, and assumes after 50 ms that there are none. A later line would go to the
log of the function's next invocation, together with any metrics in it.
"""

from ministack.core.lambda_runtime import Worker

# Seconds to wait: for the first line, after the last line, and in total. An invocation that does log waits only for the second.
Worker._drain_stderr_bounded.__defaults__ = (0.25, 0.02, 0.5)
