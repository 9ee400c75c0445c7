"""The only entry point: `gunicorn wsgi:app`, and what `flask` finds by itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))

from signpost import create_app

app = create_app()
