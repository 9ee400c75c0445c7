"""What gunicorn serves for the benchmarks: the application itself with a floor beside it, and a way in."""

from benchmarks import world
from benchmarks.inprocess import sign_in
from models import db
from signpost import create_app
from signpost.access import public
from signpost.config import Config

app = create_app(Config.from_environment())
page: list[str] = []


@app.get("/floor")
@public
def floor() -> str:
    return page[0]


@app.get("/cookie")
@public
def cookie() -> str:
    return way_in


way_in = sign_in(app, world.ADVISER)
page.append(app.test_client().get("/referrals/inbox?view=assigned", headers={"Cookie": way_in}).text)
if not db.is_closed():
    db.close()
