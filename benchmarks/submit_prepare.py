"""`python -m benchmarks.submit_prepare COUNT FILE`: so many referrers with a draft each, and what their browsers send.

One line of the file is one press of the button: the cookie and the form.
"""

import sys
from pathlib import Path
from urllib.parse import urlencode

from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from models import Employer, ReferrerKind, Role, RoleHeld, School, User, db
from signpost import clock, create_app
from signpost.accounts import sessions
from signpost.config import Config
from signpost.referrals import drafts


def main(count: int, path: Path) -> None:
    app = create_app(Config.from_environment())
    sign = SecureCookieSessionInterface().get_signing_serializer(app).dumps
    with app.test_request_context(), db.connection_context():
        token = generate_csrf()
        from flask import session

        raw = session["csrf_token"]
        school, employer = School.get(School.name == "Medicine"), Employer.get()
        with db.atomic(), path.open("w") as file:
            for number in range(count):
                user = User.create(
                    name=f"Referrer {number}", email=f"presses{number}@signpost.example", created_at=clock.now()
                )
                kind = ReferrerKind.EDUCATIONAL_SUPERVISOR
                RoleHeld.create(user=user, role=Role.REFERRER, referrer_kind=kind, school=school, employer=employer)
                drafts.save(user, typed(number, school, employer))
                begun = drafts.of(user)
                cookie = sign({"_user_id": sessions.begin(user), "csrf_token": raw})
                form = urlencode({"csrf_token": token, "seen": begun.digest if begun else ""})
                file.write(f"signpost={cookie} {form}\n")


def typed(number: int, school: School, employer: Employer) -> dict[str, str]:
    return {
        "trainee_name": f"Pressed Number {number}",
        "trainee_email": f"pressed{number}@trainees.example",
        "school": school.public_id,
        "employer": employer.public_id,
        "request": "Would like to talk about choosing a specialty.",
        "wider_concerns": "no",
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
