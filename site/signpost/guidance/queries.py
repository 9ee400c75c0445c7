"""The guidance as it stands: the files, and over each the last version that its owner published. Everybody may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from peewee import ModelSelect

from models import ActivityNote, GuidanceAddress, GuidanceComment, GuidanceVersion, Role, User
from signpost.accounts import queries as people
from signpost.guidance.markdown import Places, Term
from signpost.guidance.page import GLOSSARY, MODULES, OWNERS, Page, read, terms_of

FOLDER = Path(__file__).with_name("pages")
EDITORS = tuple(Role(owner) for owner in OWNERS)


@dataclass(frozen=True)
class Guide:
    """Every page, by its address; and the earlier addresses that lead to one."""

    pages: Mapping[str, Page]
    earlier: Mapping[str, str]

    @cached_property
    def by_key(self) -> Mapping[str, Page]:
        return {page.key: page for page in self.pages.values()}

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        return terms_of(self.pages.get(GLOSSARY))

    @cached_property
    def places(self) -> Places:
        return Places(page=self.href, terms=self.terms)

    def of_module(self, module: str) -> list[Page]:
        """The pages of one module, in their order."""
        return sorted(
            (page for page in self.pages.values() if page.module == module), key=lambda one: (one.order, one.title)
        )

    @cached_property
    def in_order(self) -> list[Page]:
        """Every page but the glossary, as one would read them all."""
        return [page for module in MODULES for page in self.of_module(module)]

    def found(self, address: str) -> Page | None:
        """The page of an address, an earlier one included."""
        return self.pages.get(address) or self.by_key.get(self.earlier.get(address, ""))

    def href(self, target: str) -> str:
        """The address on this site of `module/slug` or `module/slug#anchor`; nothing where there is no such page."""
        address, hash_mark, anchor = target.partition("#")
        page = self.found(address)
        return f"/guidance/{page.address}{hash_mark}{anchor}" if page else ""

    def broken(self, page: Page) -> list[str]:
        """The links of a page that lead nowhere, as they are written."""
        return [found for link in page.writing.links if (found := self._broken(page, link.kind, link.target))]

    def _broken(self, page: Page, kind: str, target: str) -> str:
        if kind == "glossary":
            return "" if target in self.terms else f"glossary:{target}"
        if kind == "here":
            return "" if target in page.writing.anchors else f"#{target}"
        address, _, anchor = target.partition("#")
        there = self.found(address)
        if there is None or (anchor and anchor not in there.writing.anchors):
            return f"page:{target}"
        return ""

    def with_page(self, page: Page) -> "Guide":
        """The guidance as it would be with this page in the place of its present one."""
        before = self.by_key.get(page.key)
        others = {address: one for address, one in self.pages.items() if one.key != page.key}
        earlier = dict(self.earlier) | ({before.address: page.key} if before else {})
        return Guide({**others, page.address: page}, earlier)


def guide() -> Guide:
    """The guidance as it stands now: one statement, unless something was published since it was last asked for."""
    newest = GuidanceVersion.select(GuidanceVersion.public_id).order_by(GuidanceVersion.id.desc()).limit(1).scalar()
    return _guide(FOLDER, newest or "")


@lru_cache(maxsize=4)
def _guide(folder: Path, newest: str) -> Guide:
    """What was published last tells one state from every other: it is random, and versions are only ever added."""
    written = files(folder)
    earlier = {address: page.key for page in written.values() for address in page.formerly}
    earlier |= {row.address: earlier.get(row.page, row.page) for row in GuidanceAddress.select()} if newest else {}
    standing = dict(written)
    for version in _last_versions() if newest else ():
        key = earlier.get(version.page, version.page)
        if key in standing:
            standing[key] = as_page(version, written[key])
    return Guide({page.address: page for page in standing.values()}, earlier)


@lru_cache(maxsize=4)
def files(folder: Path) -> Mapping[str, Page]:
    """The pages as they came with Signpost, by their first address: version 0 of each."""
    found = {}
    for path in sorted(folder.rglob("*.md")):
        key = str(path.relative_to(folder).with_suffix(""))
        found[key] = read(key, path.read_text(encoding="utf-8"))
    return found


def _last_versions() -> Iterable[GuidanceVersion]:
    """In the order in which they were published, so that the last one of each page wins."""
    return GuidanceVersion.select().order_by(GuidanceVersion.id)


def as_page(version: GuidanceVersion, of_file: Page) -> Page:
    return replace(
        of_file,
        address=version.address,
        title=version.title,
        summary=version.summary,
        reviewed=version.reviewed_on,
        body=version.body,
        number=version.number,
    )


def versions(page: Page) -> ModelSelect:
    """What was published of a page, the newest first. Its file is version 0, and not among them."""
    same = GuidanceVersion.page.in_((page.key, *page.formerly))
    return GuidanceVersion.select().where(same).order_by(GuidanceVersion.number.desc())


def file_of(page: Page) -> Page:
    """Version 0."""
    return files(FOLDER)[page.key]


def version_of(page: Page, number: int) -> Page | None:
    """One version of a page, its file included."""
    if number == 0:
        return file_of(page)
    row = versions(page).where(GuidanceVersion.number == number).first()
    return as_page(row, file_of(page)) if row else None


def may_edit(page: Page, user: User) -> bool:
    """Whoever holds the role that owns the page, and the governance lead, who looks after all of it."""
    return bool(people.roles_of(user) & {Role(page.owner), Role.GOVERNANCE})


# Comments


def comments_visible_to(user: User) -> ModelSelect:
    """The comments on the pages that this person looks after."""
    roles = people.roles_of(user)
    if Role.GOVERNANCE in roles:
        return GuidanceComment.select()
    return GuidanceComment.select().where(GuidanceComment.owner.in_([str(role) for role in roles]))


# What people keep of their own


def notes_of(user: User, page: Page) -> dict[str, ActivityNote]:
    """What this person wrote for themselves below the activities of a page. It is shown to nobody else."""
    same = (ActivityNote.user == user) & ActivityNote.page.in_((page.key, *page.formerly))
    return {note.activity: note for note in ActivityNote.select().where(same)}
