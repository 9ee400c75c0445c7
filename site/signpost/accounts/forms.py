"""The form for signing in."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import Length

from signpost.accounts.passwords import LONGEST
from signpost.forms import EmailLine, Required, SignpostForm


class SignInForm(SignpostForm):
    email = EmailLine("Email address", [Required("Enter your email address")])
    password = PasswordField(
        "Password",
        [Required("Enter your password"), Length(max=LONGEST, message="The password is too long")],
    )
    next = HiddenField()
    unsent = HiddenField()
