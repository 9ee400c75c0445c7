"""What the benchmarks stand on: databases of a size, a configuration, somebody signed in."""

import base64
import hashlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DATA = HERE / ".data"
PEERS = HERE / ".peers"

sys.path[:0] = [str(ROOT), str(ROOT / "site")]

HOST = "127.0.0.1"
SECRET = "a secret for benchmarks only, on loopback"
ADVISER = "adviser@signpost.example"
RARE, RARE_ROWS = "penhallow", 30
COMMON = "would"


def environment(database: Path, **more: str) -> dict[str, str]:
    """The environment of a process of ours on this database. Nothing of the developer's own .env wins over it."""
    # Modules are kept compiled, as they are where a site runs.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": SECRET,
        "NOTES_KEYS": f"k1:{base64.urlsafe_b64encode(b'k' * 32).decode()}",
        "AUDIT_KEY": SECRET[::-1],
        "AUDIT_ANCHOR": f"{database}.anchor",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "MAIL_SERVER": HOST,
        "MAIL_USE_TLS": "0",
        "MAIL_USERNAME": "",
        "MAIL_PASSWORD": "",
        "DEMO": "1",
        "CLOCK": "",
        **more,
    }


def database_of(size: int) -> Path:
    """A database with so many referrals, made once and used until the tables or the demonstration change."""
    DATA.mkdir(exist_ok=True)
    path = DATA / f"signpost-{size}-{_shape()}.db"
    if not path.exists():
        for old in DATA.glob(f"signpost-{size}-*"):
            old.unlink()
        making = path.with_suffix(".making")
        for left_over in DATA.glob(f"{making.name}*"):
            left_over.unlink()
        subprocess.run(
            [sys.executable, "-m", "benchmarks.fill", str(size)], cwd=ROOT, env=environment(making), check=True
        )
        for made in DATA.glob(f"{making.name}*"):
            made.rename(made.with_name(made.name.replace(making.name, path.name)))
    return path


def _shape() -> str:
    """Changes when the tables, their migrations or what is filled in changes."""
    made_of = [ROOT / "models.py", *sorted((ROOT / "migrations").glob("*.py"))]
    made_of += [*sorted((ROOT / "site/signpost/demo").glob("*.py")), HERE / "fill.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:10]


def without_trace(database: Path) -> None:
    """Put what is in the write-ahead log into the file, so that a copy of the file is whole."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def peer_environment(name: str, requirements: Path | None = None) -> Path:
    """The Python of a peer's own environment, made on first use. Nothing of it reaches ours."""
    home = PEERS / name
    requirements = requirements or HERE / "peers" / f"{name}.txt"
    wanted = requirements.read_text(encoding="utf-8")
    stamp = home / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"Installing {name} into an environment of its own.", flush=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([*pip, "-r", str(requirements)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return home / "bin" / "python"
