"""Finding referrals by name, email, reference or request: by the beginnings of words, blind to accents and case."""

import re
import unicodedata
from typing import Any

from peewee import SQL, Expression, ModelSelect, NodeList, Table, Value

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
    words = words_of(re.sub(r"(?<=\w)['’](?=\w)", "", text))[:MOST_WORDS]
    if not words:
        return query.where(SQL("1 = 0"))
    if is_sqlite():
        asked = " AND ".join(f'words : "{word}" *' for word in words)
        if stage:
            asked += f" AND tags : stage{stage.replace('_', '')}"
        return query.join_from(Referral, INDEX, on=(INDEX.rowid == Referral.id)).where(
            Expression(SQL("referral_search"), "MATCH", asked)
        )
    asked = " & ".join(f"'{word}':*" for word in words)
    if stage:
        asked += f" & '={stage}'"
    return query.where(NodeList((_indexed_by_postgres(), SQL("@@"), Value(asked, converter=str), SQL("::tsquery"))))


def _indexed_by_postgres() -> NodeList:
    """Word for word what the migration indexed, or PostgreSQL reads every row."""
    words = (Referral.search_words, SQL("|| '=' ||"), Referral.stage)
    return NodeList((SQL("array_to_tsvector(string_to_array(btrim("), *words, SQL("), ' '))")))


def columns(referral: Referral) -> dict[str, Any]:
    """The search and ordering columns to store with a referral."""
    return {"search_words": searchable(referral), "name_order": plain(referral.trainee_name)[:200]}
