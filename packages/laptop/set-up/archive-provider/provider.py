"""A stand-in for hashicorp/archive's data source `archive_file`, for networks where the real provider cannot be installed.

Zips a folder or a file like hashicorp/archive 2.7.1: with the same entries, order, modes and fixed time, but different
bytes, because Python's zlib compresses differently. Other features of the real provider are rejected, never approximated.
"""

import base64
import hashlib
import os
import signal
import stat
import tempfile
import threading
import time
import zipfile

from tf import runner, schema
from tf.iface import DataSource, Provider
from tf.types import Bool, Number, Set, String

PARENT_CHECK_SECONDS = 0.5
# The real provider gives every entry this time.
FIXED_TIME = (2049, 1, 1, 0, 0, 0)
REFUSED = ("excludes", "source_content", "source_content_filename", "exclude_symlink_directories")
INPUTS = ("source_dir", "source_file")
DIGESTS = ("md5", "sha", "sha256", "base64sha256", "sha512", "base64sha512")


class CannotArchive(Exception):
    """The message is shown by Terraform: what is wrong, where, and the way out."""


class ArchiveFile(DataSource):
    def __init__(self, provider):
        pass

    @classmethod
    def get_name(cls):
        return "file"

    @classmethod
    def get_schema(cls):
        texts = ("source_dir", "source_file", "source_content", "source_content_filename")
        attributes = [schema.Attribute(name, String(), optional=True) for name in texts]
        attributes += [schema.Attribute(f"output_{name}", String(), computed=True) for name in DIGESTS]
        attributes += [
            schema.Attribute("type", String(), required=True),
            schema.Attribute("output_path", String(), required=True),
            schema.Attribute("output_file_mode", String(), optional=True),
            schema.Attribute("excludes", Set(String()), optional=True),
            schema.Attribute("exclude_symlink_directories", Bool(), optional=True),
            schema.Attribute("output_size", Number(), computed=True),
            schema.Attribute("id", String(), computed=True),
        ]
        return schema.Schema(attributes=attributes)

    def read(self, ctx, config):
        try:
            return archive(config)
        except CannotArchive as error:
            ctx.diagnostics.add_error(str(error))
        except OSError as error:
            ctx.diagnostics.add_error(f"archive_file: {error.filename}: {error.strerror}")


def archive(config):
    refused = [name for name in REFUSED if config.get(name)]
    if config["type"] != "zip" or refused:
        what = ", ".join(refused) or f'type "{config["type"]}"'
        raise CannotArchive(
            f"archive_file: this stand-in for hashicorp/archive does not support {what}: use type zip with source_dir"
            " or source_file, or install the real provider in a mirror"
        )
    given = [name for name in INPUTS if config.get(name)]
    if len(given) != 1:
        raise CannotArchive(f"archive_file: exactly one of {' and '.join(INPUTS)} must be given, got {len(given)}")
    entries = list(files_below(config["source_dir"]) if given == ["source_dir"] else single(config["source_file"]))
    if not entries:
        raise CannotArchive(f"archive_file: nothing to archive in {config[given[0]]}")
    output = config["output_path"]
    os.makedirs(os.path.dirname(output) or ".", exist_ok=True)
    # If this process is killed, the previous archive stays in place.
    with tempfile.TemporaryDirectory(dir=os.path.dirname(output) or ".") as folder:
        unfinished = os.path.join(folder, "archive.zip")
        write_zip(unfinished, entries, config.get("output_file_mode"))
        with open(unfinished, "rb") as file:
            content = file.read()
        os.replace(unfinished, output)
    digests = {name: digest(name, content) for name in DIGESTS}
    return {
        **config,
        **{f"output_{name}": value for name, value in digests.items()},
        "output_size": len(content),
        "id": digests["sha"],
    }


def files_below(folder):
    """In the real provider's order: depth first, by the bytes of the names, following symlinks."""
    for name in sorted(os.listdir(folder), key=os.fsencode):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            yield from ((f"{name}/{inner}", file) for inner, file in files_below(path))
        else:
            yield name, path


def single(path):
    yield os.path.basename(path), path


def write_zip(path, entries, mode):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, source in entries:
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            permissions = int(mode, 8) if mode else stat.S_IMODE(os.stat(source).st_mode)
            entry.external_attr = (stat.S_IFREG | permissions) << 16
            with open(source, "rb") as file:
                archive_file.writestr(entry, file.read())


def digest(name, content):
    algorithm = {"sha": "sha1"}.get(name, name.removeprefix("base64"))
    value = hashlib.new(algorithm, content)
    return base64.b64encode(value.digest()).decode() if name.startswith("base64") else value.hexdigest()


class Archive(Provider):
    def get_model_prefix(self):
        return "archive_"

    def full_name(self):
        return "registry.terraform.io/hashicorp/archive"

    def get_provider_schema(self, diags):
        return schema.Schema()

    def validate_config(self, diags, config):
        pass

    def configure_provider(self, diags, config):
        pass

    def get_data_sources(self):
        return [ArchiveFile]

    def get_resources(self):
        return []


def end_with_parent():
    """Ends this process when Terraform is gone: if it was killed, it could not stop its providers."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def stop(*_):
    raise KeyboardInterrupt


if __name__ == "__main__":
    # Terraform handles Ctrl-C, and then stops its providers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=end_with_parent, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        # The library stores a certificate in the home directory. In a temporary one, it is deleted with this process.
        os.environ["HOME"] = home
        runner.run_provider(Archive())
