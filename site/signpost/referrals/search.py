"""Finding referrals by name, email, reference or request: by the beginnings of words, blind to accents and case."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from peewee import SQL, Expression, ModelSelect, Node, NodeList, Select, Table, Value, fn

from models import Referral, Stage, db
from signpost.database import is_sqlite
from signpost.prepared import Prepared, hole
from signpost.until_commit import kept_until_commit

INDEX = Table("referral_search", ("rowid", "words", "tags"))
MOST_WORDS = 8
LONGEST_WORD = 64  # what is longer is searched by its beginning
INDEXED_BEGINNING = 3  # letters; the migration says of which lengths SQLite has an index
COMMON = 1000


# Letters that Unicode does not take apart into a letter and its accent.
_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def plain(text: str) -> str:
    """Lower case without accents: 'Núñez' and 'NUNEZ' are one, and so are 'Łukasz' and 'lukasz'."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_WHOLE)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched: plain, split at everything that is neither letter nor figure."""
    return [word[:LONGEST_WORD] for word in re.findall(r"[^\W_]+", plain(text))]


def searchable(referral: Referral) -> str:
    """Everything of a referral that the adviser can search, as one line of words, a space at each end.

    A name with an apostrophe or hyphen is found with and without it; a reference with and without its hyphen.
    """
    joined = re.sub(r"['’\-]", "", referral.trainee_name)
    texts = (
        referral.trainee_name,
        joined,
        referral.trainee_email,
        referral.public_id,
        referral.reference,
        referral.request,
    )
    seen = dict.fromkeys(word for text in texts for word in words_of(text))
    return f" {' '.join(seen)} "


@dataclass(frozen=True)
class Sought:
    """What the database's index is asked for, empty where the text has no word; and what is then looked up in each row."""

    match: str
    beginnings: tuple[str, ...] = ()


def matching(query: ModelSelect, text: str, stage: Stage | None) -> ModelSelect:
    """Narrow a query over Referral to those in which every word of the text begins a word. No word finds nothing."""
    found = sought(text, stage)
    return narrowed(query, found.match, found.beginnings) if found.match else query.where(SQL("1 = 0"))


def sought(text: str, stage: Stage | None) -> Sought:
    """What to look for, for this text and at this stage.

    The stage is asked of the index too: sifting many hits by it afterwards would take many times as long.
    """
    words = words_of(re.sub(r"(?<=\w)['’](?=\w)", "", text))[:MOST_WORDS]
    if not words:
        return Sought("")
    if not is_sqlite():
        return Sought(" & ".join([*(f"'{word}':*" for word in words), *([f"'={stage}'"] if stage else [])]))
    common = _common(tuple(word for word in words if len(word) > INDEXED_BEGINNING))
    asked = [f'words : "{word[:INDEXED_BEGINNING] if word in common else word}" *' for word in words]
    return Sought(
        " AND ".join([*asked, *([f"tags : stage{stage.replace('_', '')}"] if stage else [])]),
        tuple(f" {word}" for word in common),
    )


@kept_until_commit
def _common(words: tuple[str, ...]) -> list[str]:
    """Those of these words that a thousand referrals have.

    SQLite collects every row of a word's beginning before it gives the first, unless the beginning is as long as those
    it has an index of. For a word that is in many rows the list is therefore read by the first letters, and each row
    looked at: a page is full after a few.
    """
    matches = {f"match{number}": f'words : "{word}"' for number, word in enumerate(words)}
    rows = _rows_after(len(words)).first(**matches, rows=COMMON - 1) if words else None
    return [word for word, row in zip(words, rows or (), strict=True) if row is not None]


@cache
def _rows_after(words: int) -> Prepared:
    """Of each of so many words the row that comes after `rows` others, all asked for at once."""

    def row(number: int) -> Select:
        found = Expression(SQL("referral_search"), "MATCH", hole(f"match{number}"))
        return INDEX.select(INDEX.rowid).where(found).limit(1).offset(hole("rows"))

    return Prepared(lambda: Select(None, [row(number) for number in range(words)]))


def narrowed(query: ModelSelect, match: Any, beginnings: Sequence[Any]) -> ModelSelect:
    """The same by what is sought, or by holes for it."""
    if is_sqlite():
        query = query.join_from(Referral, INDEX, on=(INDEX.rowid == Referral.id))
        for beginning in beginnings:
            query = query.where(fn.INSTR(Referral.search_words, beginning) > 0)
        return query.where(Expression(SQL("referral_search"), "MATCH", match))
    match = match if isinstance(match, Node) else Value(match, converter=str)
    return query.where(NodeList((_indexed_by_postgres(), SQL("@@"), match, SQL("::tsquery"))))


def row_number(is_search: bool) -> Any:
    """The column to order a list by: the index's own in a search, since SQLite then reads it in order and stops early."""
    return INDEX.rowid if is_search and is_sqlite() else Referral.id


def _indexed_by_postgres() -> NodeList:
    """Word for word what the migration indexed, or PostgreSQL reads every row."""
    words = (Referral.search_words, SQL("|| '=' ||"), Referral.stage)
    return NodeList((SQL("array_to_tsvector(string_to_array(btrim("), *words, SQL("), ' '))")))


def columns(referral: Referral) -> dict[str, Any]:
    """The search and ordering columns to store with a referral."""
    return {"search_words": searchable(referral), "name_order": plain(referral.trainee_name)[:200]}


def forget_words() -> None:
    """Take the words of deleted referrals out of SQLite’s index, which else keeps them until it is next merged."""
    if is_sqlite():
        db.execute_sql("INSERT INTO referral_search(referral_search) VALUES('optimize')")
