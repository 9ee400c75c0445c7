"""What is the same in the applications of all tests is worked out once."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


@contextmanager
def compiled_addresses() -> Iterator[None]:
    """Werkzeug takes each address of each application apart, and writes and compiles two functions for it.

    They come of the rule's text and defaults alone, since our applications share their converters.
    """
    compile_rule = Rule.compile
    compiled: dict[Any, Rule] = {}

    def once(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults))
        if key not in compiled:
            compile_rule(rule)
            compiled[key] = rule
            return
        first = compiled[key]
        rule.arguments = set(first.arguments)
        rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
        rule._build = first._build.__func__.__get__(rule, None)  # type: ignore[attr-defined]
        rule._build_unknown = first._build_unknown.__func__.__get__(rule, None)  # type: ignore[attr-defined]

    Rule.compile = once  # type: ignore[method-assign]
    yield
    Rule.compile = compile_rule  # type: ignore[method-assign]


class CompiledTemplates(BytecodeCache):
    """The code of each template, as long as its text is the same."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.kept[bucket.key, bucket.checksum] = bucket.code
