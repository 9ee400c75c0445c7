"""The only entry point: `gunicorn wsgi:app`, and what `flask` finds by itself."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))

from signpost import create_app, keys
from signpost.errors import ConfigurationError

try:
    app = create_app()
    # Commands check for themselves: one of them makes the tables, another puts back those that these keys do open.
    if "FLASK_RUN_FROM_CLI" not in os.environ:
        keys.check_at_start()
except ConfigurationError as problem:
    sys.stderr.write(f"Signpost cannot start: {problem}\n")
    sys.exit(4)  # What gunicorn takes for "cannot be loaded": it stops too, rather than trying again for ever.
