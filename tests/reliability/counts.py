"""What an experiment counted: one line of JSON, and what must be zero in it."""

import json
from dataclasses import dataclass
from typing import Any

from signpost.database import is_sqlite


@dataclass(frozen=True)
class Counts:
    """`wrong`: names and numbers of what must not have happened. `numbers`: everything else that was counted or timed."""

    experiment: str
    wrong: dict[str, int]
    numbers: dict[str, Any]
    engine: str = ""

    def line(self) -> str:
        return json.dumps({"experiment": self.experiment, "engine": self.engine, **self.numbers, **self.wrong})

    @property
    def is_right(self) -> bool:
        return not any(self.wrong.values())


def counted(experiment: str, wrong: dict[str, int], **numbers: Any) -> Counts:
    return Counts(experiment, wrong, numbers, "sqlite" if is_sqlite() else "postgresql")
