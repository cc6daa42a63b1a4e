"""File systems of a few kilobytes."""

import os
import subprocess
from contextlib import contextmanager

import pytest


@contextmanager
def disk(folder, size):
    """A file system of so many bytes; yields what mounts it anew with other options."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs root that may mount a tmpfs")
    try:
        yield lambda options: subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
