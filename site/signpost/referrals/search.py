"""Finding referrals by name, email, reference or request: by the beginnings of words, blind to accents and case."""

import re
import unicodedata
from typing import Any

from peewee import SQL, Expression, ModelSelect, Node, NodeList, Table, Value

from models import Referral, Stage
from signpost.database import is_sqlite

INDEX = Table("referral_search", ("rowid", "words", "tags"))
MOST_WORDS = 8
LONGEST_WORD = 64  # what is longer is searched by its beginning


# Letters that Unicode does not take apart into a letter and its accent.
_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def plain(text: str) -> str:
    """Lower case without accents: 'Núñez' and 'NUNEZ' are one, and so are 'Łukasz' and 'lukasz'."""
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


def matching(query: ModelSelect, text: str, stage: Stage | None) -> ModelSelect:
    """Narrow a query over Referral to those in which every word of the text begins a word. No word finds nothing."""
    asked = expression(text, stage)
    return narrowed(query, asked) if asked else query.where(SQL("1 = 0"))


def expression(text: str, stage: Stage | None) -> str:
    """What the database's index is asked for. Empty where the text has no word.

    The stage is asked of the index too: sifting many hits by it afterwards would take many times as long.
    """
    words = words_of(re.sub(r"(?<=\w)['’](?=\w)", "", text))[:MOST_WORDS]
    if is_sqlite():
        asked = [f'words : "{word}" *' for word in words]
        return " AND ".join([*asked, f"tags : stage{stage.replace('_', '')}"] if words and stage else asked)
    asked = [f"'{word}':*" for word in words]
    return " & ".join([*asked, f"'={stage}'"] if words and stage else asked)


def narrowed(query: ModelSelect, asked: Any) -> ModelSelect:
    """The same by an expression, or by a hole for one."""
    if is_sqlite():
        found = query.join_from(Referral, INDEX, on=(INDEX.rowid == Referral.id))
        return found.where(Expression(SQL("referral_search"), "MATCH", asked))
    asked = asked if isinstance(asked, Node) else Value(asked, converter=str)
    return query.where(NodeList((_indexed_by_postgres(), SQL("@@"), asked, SQL("::tsquery"))))


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
