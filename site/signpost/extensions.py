"""The Flask extensions, made once and connected to each application."""

from flask import Flask
from flask_login import LoginManager
from flask_mail import Mail
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

login_manager = LoginManager()
csrf = CSRFProtect()
mail = Mail()
htmx = Htmx()


def connect(app: Flask) -> None:
    """Connect them all. Templates must be configured before."""
    htmx.init_app(app)
    csrf.init_app(app)
    mail.init_app(app)
    login_manager.init_app(app)
    # A session is a row that we end ourselves; addresses change behind proxies and must not end it.
    login_manager.session_protection = None
