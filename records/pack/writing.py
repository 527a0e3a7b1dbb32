"""Step of making a pack: from files, one after the other, to a ZIP that names all of them."""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MANIFEST, SEAL = "manifest.sha256", "manifest.seal"
REGULAR_FILE = 0o100644 << 16
UNIX = 3


class PackFile:
    """A ZIP of one folder that is written file by file; the same files give the same bytes."""

    def __init__(self, file: IO[bytes], folder: str, at: datetime.datetime) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self._folder, self._at = folder, at
        self._digests: dict[str, str] = {}

    def add(self, name: str, *parts: bytes, at: datetime.datetime | None = None) -> None:
        self.add_parts(name, parts, at=at)

    def add_parts(
        self, name: str, parts: Iterable[bytes], *, at: datetime.datetime | None = None
    ) -> None:
        """Write a file piece by piece; holds one piece at a time."""
        digest = hashlib.sha256()
        with self._zip.open(self._info(name, at or self._at), "w") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        self._digests[name] = digest.hexdigest()

    def close(self, sealed: Callable[[str], str]) -> None:
        """Write the manifest, its seal as `sealed` gives it, and the end of the ZIP."""
        manifest = "".join(f"{found}  {name}\n" for name, found in sorted(self._digests.items()))
        self.add(MANIFEST, manifest.encode())
        self.add(SEAL, sealed(manifest).encode())
        self._zip.close()

    def _info(self, name: str, at: datetime.datetime) -> ZipInfo:
        # A ZIP has no time zone: UTC, to two seconds.
        info = ZipInfo(f"{self._folder}/{name}", at.astimezone(datetime.UTC).timetuple()[:6])
        info.compress_type, info.create_system, info.external_attr = (
            ZIP_DEFLATED,
            UNIX,
            REGULAR_FILE,
        )
        return info
