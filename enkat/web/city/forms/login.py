"""Forms of logging in and of one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class LoginForm(FlaskForm):
    """E-mail address and password."""

    email = EmailField(
        _l("E-postadress"),
        validators=[InputRequired(_l("Skriv din e-postadress.")), Length(max=254)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Lösenord"),
        validators=[InputRequired(_l("Skriv ditt lösenord.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(FlaskForm):
    """The code that the app shows."""

    code = StringField(
        _l("Engångskod"),
        validators=[InputRequired(_l("Skriv koden som appen visar, sex siffror.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short"},
    )


class RecoveryForm(FlaskForm):
    """A printed recovery code."""

    code = StringField(
        _l("Reservkod"),
        validators=[InputRequired(_l("Skriv en av dina reservkoder.")), Length(max=60)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class NewPasswordForm(FlaskForm):
    """A password that one chooses."""

    password = PasswordField(
        _l("Nytt lösenord"),
        description=_l("Minst 12 tecken. Fyra ord som inte hör ihop är lätta att minnas och svåra att gissa."),
        validators=[InputRequired(_l("Skriv ett lösenord på minst 12 tecken.")), Length(max=400)],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password, with the present one as proof."""

    present = PasswordField(
        _l("Nuvarande lösenord"),
        validators=[InputRequired(_l("Skriv lösenordet som du har nu."))],
        render_kw={"autocomplete": "current-password"},
    )
