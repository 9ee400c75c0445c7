"""The file of a backup: a tar with a manifest and the copy of the database, and at its end a MAC over every byte.

`tar tf FILE` lists it. The MAC is keyed with AUDIT_KEY, so that a file that was cut short, damaged or altered is refused
before anything of it is believed.
"""

import hashlib
import hmac
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
MAC_LENGTH = 64 + 1  # in hex, and the end of the line
MOST_OF_A_MANIFEST = 1 << 20

DAMAGED = "This file is no whole backup: it was cut short, damaged or altered, or was made under another AUDIT_KEY."


class NotABackup(ValueError):
    """The file is not to be believed. The words say why."""


@dataclass(frozen=True)
class Holds:
    """What a database holds: rows by table, applied migrations, the number and MAC of the last audit entry."""

    counts: dict[str, int]
    migrations: list[str]
    audit_n: int
    audit_mac: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `part` is the name of the copy within it, `sha256` is over the copy."""

    made_at: str
    signpost: str
    engine: str
    holds: Holds
    part: str
    size: int
    sha256: str
    format: int = FORMAT


class _Keyed:
    """Writes through to a file and takes everything written into the MAC."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self.file = file
        self.mac = hmac.new(key.encode(), digestmod=hashlib.sha256)

    def write(self, piece: bytes) -> int:
        self.mac.update(piece)
        return self.file.write(piece)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(file: Path, manifest: Manifest, copy: Path, key: str) -> None:
    """Write a new backup that only its owner can read, down to the disk."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as output:
        keyed = _Keyed(output, key)
        with tarfile.open(fileobj=keyed, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
            words = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
            tar.addfile(_entry(MANIFEST, len(words)), io.BytesIO(words))
            with copy.open("rb") as content:
                tar.addfile(_entry(manifest.part, manifest.size), content)
        output.write(f"{keyed.mac.hexdigest()}\n".encode())
        output.flush()
        os.fsync(output.fileno())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def read_manifest(file: Path, key: str) -> Manifest:
    """What a backup says of itself, once every byte of it was checked. Raises NotABackup."""
    _check_every_byte(file, key)
    try:
        with tarfile.open(file, "r:") as tar:
            first = tar.next()
            content = tar.extractfile(first) if first and first.name == MANIFEST else None
            said = json.loads(content.read(MOST_OF_A_MANIFEST)) if content else {}
        if said.get("format") != FORMAT:
            raise NotABackup("This backup was made by a newer Signpost: upgrade this one first.")
        return Manifest(**{**said, "holds": Holds(**said["holds"])})
    except (tarfile.TarError, ValueError, KeyError, TypeError) as problem:
        raise problem if isinstance(problem, NotABackup) else NotABackup(DAMAGED) from None


def unpack(file: Path, manifest: Manifest, to: Path) -> None:
    """Write the copy of the database out, for its owner alone. Raises NotABackup where it is not what the manifest says."""
    try:
        with tarfile.open(file, "r:") as tar:
            content = tar.extractfile(manifest.part)
            if content is None:
                raise NotABackup(DAMAGED)
            with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
                while piece := content.read(CHUNK):
                    output.write(piece)
    except (tarfile.TarError, KeyError):
        raise NotABackup(DAMAGED) from None
    if to.stat().st_size != manifest.size or sha256_of(to) != manifest.sha256:
        raise NotABackup(DAMAGED)


def _check_every_byte(file: Path, key: str) -> None:
    length = file.stat().st_size - MAC_LENGTH
    if length <= 0:
        raise NotABackup(DAMAGED)
    mac = hmac.new(key.encode(), digestmod=hashlib.sha256)
    with file.open("rb") as content:
        for piece in _pieces(content, length):
            mac.update(piece)
        said = content.read()
    if not hmac.compare_digest(said, f"{mac.hexdigest()}\n".encode()):
        raise NotABackup(DAMAGED)


def _pieces(content: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0:
        piece = content.read(min(CHUNK, length))
        if not piece:
            raise NotABackup(DAMAGED)
        length -= len(piece)
        yield piece
