"""A returner's own page and what they do on it, signed in or by a personal link: the same."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from models import Area, MentoringWish, Mentorship, PersonalLink, Returner, ReturnerState, User
from signpost import clock
from signpost.errors import RuleBroken
from signpost.formatting import sentence_list
from signpost.mentoring import dates, geography, offers, queries, waiting, wishes
from signpost.mentoring import mentorship_queries as pairs
from signpost.mentoring.forms import DAYS, MATTERS, MODES, TRUSTS, AnswerForm, LaterForm, WishesForm
from signpost.web import form_page, posted_version, see_other


@dataclass(frozen=True)
class Way:
    """By what somebody comes to their own page: an account, or a personal link and its token."""

    by: User | PersonalLink
    token: str = ""

    def to(self, view: str) -> str:
        """The address of one of the own pages, on the same way."""
        return url_for(f"returner_links.{view}", token=self.token) if self.token else url_for(f"my_return.{view}")

    def pair(self, mentorship: Mentorship) -> str:
        """The address of what they have with their mentor."""
        if self.token:
            return url_for("mentorship_links.show", token=self.token)
        return url_for("mentorships.show", mentorship_id=mentorship.public_id)


def show(returner: Returner, way: Way) -> str:
    """How it stands, and what they can say to it."""
    return render_template("mentoring/own.html", **of(returner, way))


def of(returner: Returner, way: Way) -> dict[str, Any]:
    state = ReturnerState(returner.state)
    wish = queries.wish_of(returner)
    is_over = offers.is_over(returner, clock.today())
    return {
        "returner": returner,
        "state": state,
        "is_over": is_over,
        "ends_on": dates.ends_on(returner.returns_on),
        "may_say_yes": state in offers.MAY_SAY_YES and not is_over,
        "may_say_no": state in offers.MAY_SAY_NO and not is_over,
        "first_offer_on": offers.first_day_of_offer(returner),
        "expectation": waiting.expectation(returner) if state == ReturnerState.INTERESTED else None,
        "wish": wish,
        "wish_rows": wish_rows(wish) if wish else [],
        "mentorship": pairs.latest_of(returner),
        "way": way,
        "answer_form": AnswerForm(formdata=None),
    }


def accept(returner: Returner, way: Way) -> ResponseReturnValue:
    if AnswerForm().validate_on_submit():
        offers.accept(returner, way.by)
    return see_other(way.to("wish") if queries.wish_of(returner) is None else way.to("show"))


def decline(returner: Returner, way: Way) -> ResponseReturnValue:
    if AnswerForm().validate_on_submit():
        offers.decline(returner, way.by)
    return see_other(way.to("show"))


def later(returner: Returner, way: Way) -> ResponseReturnValue:
    form = LaterForm(returner)
    if form.validate_on_submit():
        offers.ask_later(returner, form.ask_again_on.data, way.by)
        return see_other(way.to("show"))
    return form_page("mentoring/later.html", form, returner=returner, way=way)


def wish(returner: Returner, way: Way) -> ResponseReturnValue:
    """Say what they wish for, or change it. None of it is needed to get a mentor."""
    form = WishesForm(list(Area.select().order_by(Area.name)), queries.wish_of(returner))
    if form.validate_on_submit():
        wanted = [form.areas[key] for key in form.wanted.data or []]
        avoided = [form.areas[key] for key in form.avoided.data or []]
        apart = form.people_apart()
        try:
            wishes.write(
                returner, form.base.place, form.said(), way.by, posted_version(form),
                wanted=wanted, avoided=avoided, apart=apart,
            )  # fmt: skip
            return see_other(way.to("show"))
        except RuleBroken as refusal:
            if type(refusal) is not RuleBroken:
                raise
            form.base.errors = [*form.base.errors, refusal.words]
    return form_page("mentoring/wish.html", form, returner=returner, way=way)


def wish_rows(wish: MentoringWish) -> list[dict[str, str]]:
    """What was asked for, in rows of a summary list."""
    wanted, avoided = wishes.areas_of(wish)
    note = geography.find(wish.district).note
    far = f"{wish.miles} miles" if wish.miles else "Not said"
    modes = sentence_list([words for mode, words in MODES if getattr(wish, mode)], "or").capitalize()
    rows = [
        ("Where from", f"{wish.place_name or wish.district}. {note}" if note else wish.place_name or wish.district),
        ("How far", f"{far}, and rather waits than goes further" if wish.is_miles_a_limit else far),
        ("How", f"{modes}, and rather waits than meets in another way" if wish.is_mode_a_limit else modes),
        ("On which days", ", ".join(DAYS[int(one)] for one in wish.days) or "Any"),
        ("Areas wished for", ", ".join(one.name for one in wanted)),
        ("Areas to avoid", ", ".join(one.name for one in avoided)),
        ("Somebody who", ", ".join(words.lower() for name, words in MATTERS if getattr(wish, name))),
        ("Own trust", TRUSTS[wish.own_trust]),
        ("A reason to share", wish.return_reason or ""),
        ("Anything else", wish.request or ""),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]
