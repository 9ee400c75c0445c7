"""What files may be brought of: a line for each kind."""

from signpost.imports.actions import Kind
from signpost.mentoring import returner_rows
from signpost.progression import review_rows

KINDS: dict[str, Kind] = {kind.name: kind for kind in (returner_rows.KIND, review_rows.KIND)}
