"""Writes a private `.env` with fresh keys, from `.env.example`, where there is none yet.

`python -m signpost.private_env`. Never over an existing file, whose keys open the records; never beside records that
other keys sealed; and never where the environment brings its own keys, since `.env` also switches the demonstration on.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

from signpost.config import ROOT


def fresh_keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "NOTES_KEYS": f"k1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
        "AUDIT_KEY": secrets.token_urlsafe(48),
    }


def filled_in(example: str, keys: dict[str, str]) -> str:
    """The example's text with each key put on its own empty line."""
    for name, value in keys.items():
        before = f"\n{name}=\n"
        if before not in example:
            raise ValueError(f".env.example has no empty line {name}=")
        example = example.replace(before, f"\n{name}={value}\n")
    return example


def write(root: Path = ROOT) -> bool:
    """Write `.env`, readable by its owner only. False when it is not needed. Raises ValueError."""
    if (root / ".env").exists() or "SECRET_KEY" in os.environ:
        return False
    if (root / "instance" / "signpost.db").exists():
        raise ValueError("instance/signpost.db was made with other keys. Bring its .env back, or move instance/ away.")
    text = filled_in((root / ".env.example").read_text(encoding="utf-8"), fresh_keys())
    handle = os.open(root / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return True


def main() -> None:
    try:
        written = write()
    except (OSError, ValueError) as problem:
        sys.exit(f"No .env was written. {problem}")
    if written:
        print(
            "Private .env written with fresh keys. Keep a copy of it: without its keys, sealed records cannot be read."
        )


if __name__ == "__main__":
    main()
