"""Which characters people may type, and how what they typed is tidied before it is kept. Pure."""

import re
import unicodedata

LINE_BREAKS = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNREADABLE = re.compile("[\ud800-\udfff\ufffd]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffd]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANKS = "".join(map(chr, [*range(0x2000, 0x200C), *map(ord, "\n \t\u00a0\u1680\u202f\u205f\u2060\u3000\ufeff")]))
_REPLACEMENT = "\ufffd"


def tidy_line(text: str) -> str:
    """One line as it is kept: composed (NFC), single spaces, nothing at the ends."""
    return _trimmed(_SPACES.sub(" ", unicodedata.normalize("NFC", text)))


def tidy_text(text: str) -> str:
    """Several lines as they are kept: composed, Unix line ends, no space at line ends, one blank line at most."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n".join(line.rstrip(" \t\u00a0") for line in text.split("\n"))
    return _trimmed(re.sub("\n{3,}", "\n\n", lines))


def _trimmed(text: str) -> str:
    """Without blanks at the ends; nothing at all when there is nothing to see."""
    text = text.strip(_BLANKS)
    return text if any(unicodedata.category(character)[0] not in "ZC" for character in text) else ""


def what_is_wrong_with(text: str, called: str, *, several_lines: bool = False) -> str | None:
    """The sentence for a character that is never kept, or None when all are fine.

    Right-to-left names, emoji (joined ones too), apostrophes and hyphens are fine.
    """
    if not several_lines and LINE_BREAKS.search(text):
        return f"{called} must be on one line"
    for pattern, words in (
        (_UNREADABLE, f"a character that could not be read (shown as {_REPLACEMENT})"),
        (_DIRECTION, "a hidden character that turns the direction of the text ({code})"),
        (_CONTROL, "a hidden control character ({code})"),
    ):
        if found := pattern.search(text):
            what = words.format(code=f"U+{ord(found.group()):04X}")
            return f"{called} contains {what}. Delete it, or type the words again."
    return None


def made_visible(text: str, *, several_lines: bool = False) -> str:
    """The same text, safe to show again: each character that is refused stands as a mark that can be seen."""
    return _REFUSED.sub(_REPLACEMENT, text if several_lines else LINE_BREAKS.sub(" ", text))


def address(text: str) -> str:
    """An email address as we keep it. Raises ValueError where it is none."""
    from email_validator import validate_email  # slow to load, and few pages need it

    checked = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    return checked.ascii_email or checked.normalized
