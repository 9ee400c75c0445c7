"""The referrals are in the benchmark's file; Django's own tables are not put into it."""


class Router:
    def db_for_read(self, model, **hints):
        return "referrals" if model._meta.app_label == "django_peer" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return db == "default" and app_label != "django_peer"
