"""Flask-Admin on the same database file: its Peewee view of the referrals, set up as its documentation says.

It has no sign-in, no audit, no counts beside views and no security headers, which is to its advantage.
"""

import os

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.peewee import ModelView
from flask_admin.contrib.peewee.filters import FilterEqual
from peewee import AutoField, CharField, DateTimeField, ForeignKeyField, Model, SqliteDatabase, TextField

database = SqliteDatabase(os.environ["BENCH_DATABASE"])


class School(Model):
    name = CharField()

    class Meta:
        database = database

    def __str__(self):
        return self.name


class Employer(Model):
    name = CharField()

    class Meta:
        database = database

    def __str__(self):
        return self.name


class Referral(Model):
    id = AutoField()
    public_id = CharField()
    trainee_name = CharField()
    trainee_email = CharField()
    school = ForeignKeyField(School, null=True)
    employer = ForeignKeyField(Employer)
    request = TextField()
    status = CharField()
    stage = CharField()
    referred_at = DateTimeField()

    class Meta:
        database = database


class ReferralView(ModelView):
    page_size = 20
    column_list = ("public_id", "trainee_name", "school", "employer", "status", "referred_at")
    column_filters = ("stage",)
    column_searchable_list = ("trainee_name", "trainee_email", "public_id", "request")
    column_default_sort = ("id", True)


app = Flask(__name__)
app.secret_key = "for benchmarks only"
view = ReferralView(Referral)
Admin(app).add_view(view)


@app.get("/addresses")
def addresses():
    """Where the filter and the search are: Flask-Admin numbers its filters. Equals, not the slower contains."""
    equals = next(number for number, known in enumerate(view._filters) if isinstance(known, FilterEqual))
    return {"filter": f"{view.url}/?flt0_{equals}=assigned", "search": f"{view.url}/?search=penhallow"}
