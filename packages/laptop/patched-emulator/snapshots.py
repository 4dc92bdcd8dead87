"""Writes the state to SNAPSHOT_DIR while MiniStack serves. MiniStack itself writes it only when it stops.

POST /_snapshot links the files of S3's objects and forks, in one step of the event loop: no request is served between the
two. MiniStack replaces and removes such files, and never changes one, so the links keep what the files had. The child has
the rest of the state in its memory, and writes it while the parent serves on. Requests wait for the links and the fork
alone, a few milliseconds. If the caller hangs up, the child is killed. While Terraform holds the lock of a state, no snapshot
is taken: it would hold resources that the Terraform state in it does not know.
"""

import asyncio
import logging
import os
import shutil
import signal
import sys

from ministack import app as ministack
from ministack.core import persistence
from ministack.services import lambda_svc

# The child is killed after this many seconds. Another thread may have held a lock when it was forked.
_SECONDS = 120
# Requests get the CPU first.
_NICENESS = 10

_running = os.path.dirname(persistence.STATE_DIR)
_snapshot = os.environ["SNAPSHOT_DIR"]
_one_at_a_time = asyncio.Lock()


def with_snapshots(app):
    async def wrapped(scope, receive, send):
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", "/_snapshot"):
            status = 409 if _one_at_a_time.locked() or _is_locked() else await _take(receive)
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await app(scope, receive, send)

    return wrapped


def _is_locked():
    s3 = sys.modules.get("ministack.services.s3")
    buckets = s3._buckets._data.values() if s3 else ()
    return any(key.endswith(".tflock") for bucket in buckets for key in bucket["objects"])


async def _take(receive):
    async with _one_at_a_time:
        _link_files(_running, _snapshot)
        child = os.fork()
        if child == 0:
            _write_and_exit()
        written = asyncio.create_task(asyncio.to_thread(os.waitpid, child, 0))
        hung_up = asyncio.create_task(_hung_up(receive))
        await asyncio.wait((written, hung_up), return_when=asyncio.FIRST_COMPLETED)
        if not written.done():
            os.kill(child, signal.SIGKILL)
        hung_up.cancel()
        _, status = await written
        return 200 if status == 0 else 500


def _link_files(source, target):
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    for entry in os.scandir(source):
        copy = os.path.join(target, entry.name)
        if entry.is_dir():
            _link_files(entry.path, copy)
        # A file that is being written.
        elif not entry.name.endswith(".tmp"):
            _link(entry.path, copy)


def _link(file, copy):
    try:
        os.link(file, copy)
    except FileNotFoundError:
        # Another thread has removed it, such as one that expires objects.
        pass
    except OSError:
        # Not every file system has hard links.
        shutil.copy2(file, copy)


async def _hung_up(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


def _write_and_exit():
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.alarm(_SECONDS)
        os.nice(_NICENESS)
        # Otherwise a connection that the parent closes would stay open until this process ends.
        os.closerange(3, 65_536)
        _write()
    except BaseException:
        logging.getLogger("snapshots").exception("the snapshot could not be written")
        os._exit(1)
    os._exit(0)


def _write():
    services = os.path.join(_snapshot, "services")
    persistence.STATE_DIR = services
    lambda_svc.CODE_BLOB_DIR = os.path.join(services, "lambda-blobs")
    for name, get_state in ministack._build_persistence_save_dict().items():
        state = get_state()
        # A service that is not loaded keeps what it saved last.
        if state is None:
            continue
        file = os.path.join(services, f"{name}.json")
        if os.path.exists(file):
            os.remove(file)
        # It logs an error rather than raising it.
        persistence.save_state(name, state)
        if not os.path.exists(file):
            raise OSError(f"{name} could not be saved")
