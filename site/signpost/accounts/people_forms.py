"""The forms about people, and those for choosing a password."""

from typing import Any

from wtforms import HiddenField, PasswordField, SelectField, ValidationError

from models import NAME_LENGTH, REFERRER_KIND_NAMES, Employer, ReferrerKind, Role, School
from signpost.accounts.actions import RoleWanted
from signpost.accounts.passwords import LONGEST, SHORTEST
from signpost.accounts.roles import NAMES
from signpost.forms import EmailLine, PlainLine, Required, SignpostForm, options

CHOOSE_PASSWORD = f"{SHORTEST} characters or more. Three or four words that do not belong together are good."


class PersonForm(SignpostForm):
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    email = EmailLine("Email address", [Required("Enter the email address")])
    phone = PlainLine("Telephone", max_length=40, description="Trainees are given it where this person supports them.")
    version = HiddenField()


class RoleForm(SignpostForm):
    """One role, and over what."""

    role = SelectField("Role", [Required("Select a role")])
    school = SelectField("School", validate_choice=False, description="For a head of school. A referrer may have one.")
    employer = SelectField("Employer", validate_choice=False, description="For a referrer: where they work.")
    kind = SelectField("Kind of referrer", validate_choice=False, description="For a referrer only.")
    version = HiddenField()

    def __init__(self, schools: list[School], employers: list[Employer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schools = {one.public_id: one for one in schools}
        self.employers = {one.public_id: one for one in employers}
        self.role.choices = options(("", "Select a role"), *((role.value, NAMES[role]) for role in Role))
        self.school.choices = options(("", "None"), *((key, one.name) for key, one in self.schools.items()))
        self.employer.choices = options(("", "None"), *((key, one.name) for key, one in self.employers.items()))
        kinds = [(kind.value, name[:1].upper() + name[1:]) for kind, name in REFERRER_KIND_NAMES.items()]
        self.kind.choices = options(("", "None"), *kinds)

    def validate_school(self, field: Any) -> None:
        if self.role.data == Role.HEAD_OF_SCHOOL and field.data not in self.schools:
            raise ValidationError("Select the school of this head")

    def validate_kind(self, field: Any) -> None:
        if self.role.data == Role.REFERRER and field.data not in set(ReferrerKind):
            raise ValidationError("Select which kind of referrer they are")

    def wanted(self) -> RoleWanted:
        role = Role(self.role.data)
        refers = role == Role.REFERRER
        takes_school = refers or role == Role.HEAD_OF_SCHOOL
        return RoleWanted(
            role,
            school=self.schools.get(self.school.data) if takes_school else None,
            employer=self.employers.get(self.employer.data) if refers else None,
            kind=ReferrerKind(self.kind.data) if refers else None,
        )


class VersionForm(SignpostForm):
    """A button, and the version of the page on which it stood."""

    version = HiddenField()


class ChoosePasswordForm(SignpostForm):
    new_password = PasswordField("New password", [Required("Enter a new password")], description=CHOOSE_PASSWORD)

    def validate_new_password(self, field: Any) -> None:
        if len(field.data) > LONGEST:
            raise ValidationError(f"The password must have {LONGEST} characters or fewer")


class ChangePasswordForm(ChoosePasswordForm):
    old_password = PasswordField("Present password", [Required("Enter your present password")])


class HelpForm(SignpostForm):
    email = EmailLine("Email address", [Required("Enter your email address")])
