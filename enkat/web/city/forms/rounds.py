"""Forms of a round's plan (one per step), bridges, opening, closing, corrections and historic figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from enkat.instruments.catalogue import Catalogue
from enkat.instruments.comparability import Comparability
from enkat.instruments.instrument import Instrument
from enkat.instruments.question import Face
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import LANGUAGES
from enkat.records.round_kinds import RoundKind
from enkat.records.rounds import Design, FormPer
from enkat.services.rounds.correcting import CORRECTABLE, STATUS_WORDS
from enkat.services.rounds.planning import Handout
from enkat.services.rounds.release_plans import BREAKDOWNS, Protection
from enkat.web.city.forms.register import TickBoxes

SHORT = {"class": "short", "inputmode": "numeric"}


KIND_CHOICES = {
    RoundKind.USER_SURVEY: _l("Brukare (brukarundersökning)"),
    RoundKind.RELATIVES: _l("Anhöriga"),
    RoundKind.STAFF: _l("Personal, med koder som delas ut i enheten. Minst 10 svar för att något ska visas"),
    RoundKind.OFFICIALS: _l("Handläggare och förtroendevalda, med koder som delas ut"),
    RoundKind.PROVIDER_OWN: _l("Brukare, i en utförares egen undersökning. Läggs aldrig ihop med stadens"),
}


class BasicsForm(FlaskForm):
    """Name and days."""

    title = StringField(_l("Namn"), description=_l("Står överst i brevet."), validators=[InputRequired(_l("Skriv omgångens namn.")), Length(max=200)])  # fmt: skip  # noqa: E501
    short_name = StringField(
        _l("Kortnamn"),
        description=_l("Står i brevets webbadress. Små bokstäver a–z, siffror och bindestreck."),
        validators=[InputRequired(_l("Skriv ett kortnamn.")), Length(max=20)],
    )
    reference_date = DateField(
        _l("Mätdag"),
        description=_l("De som finns i registret den dagen frågas, om sin enhet just då."),
        validators=[InputRequired(_l("Skriv en dag."))],
    )
    opens_on = DateField(_l("Öppnar"), validators=[InputRequired(_l("Skriv en dag."))])
    closes_on = DateField(
        _l("Sista dagen att svara"),
        description=_l("Till midnatt. Dagen står i brevet och i löftet till dem som svarar."),
        validators=[InputRequired(_l("Skriv en dag."))],
    )
    interval_years = IntegerField(
        _l("År till nästa omgång"), default=4, validators=[InputRequired(_l("Skriv ett antal år."))], render_kw=SHORT
    )
    practice = BooleanField(
        _l("Det här är en övning"),
        description=_l("Brev och sidor märks ÖVNING. Svaren räknas aldrig ihop med andra."),
    )


class NewRoundForm(BasicsForm):
    """Name, days and what does not change afterwards: whom the round asks, how, and whose it is."""

    kind = RadioField(
        _l("Vilka svarar?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_CHOICES.items()],
        default=RoundKind.USER_SURVEY.value,
        validators=[InputRequired(_l("Välj vilka som svarar."))],
    )
    loose_codes = BooleanField(
        _l("Anhöriga får koder som delas ut i enheten"),
        description=_l("Annars får varje brukare ett brev att ge till en anhörig. Gäller bara anhöriga."),
    )
    provider_id = SelectField(
        _l("Utförare"), description=_l("Bara för en utförares egen undersökning."), validators=[Optional()]
    )


class PeopleForm(FlaskForm):
    """Who is asked; `people_form` adds a field per service."""

    form_per = RadioField(
        _l("Den som har flera insatser får"),
        choices=[
            SelectChoice(FormPer.PERSON.value, _l("ett formulär, om den första insatsen i ordningen")),
            SelectChoice(FormPer.SERVICE.value, _l("ett formulär för varje insats")),
        ],
    )
    include_only_alarm = BooleanField(_l("Fråga också dem som bara har trygghetslarm"))
    minimum_age = IntegerField(_l("Lägsta ålder"), validators=[Optional()], render_kw=SHORT)
    maximum_age = IntegerField(_l("Högsta ålder"), validators=[Optional()], render_kw=SHORT)
    design = RadioField(
        _l("Hur många frågas?"),
        choices=[
            SelectChoice(Design.CENSUS.value, _l("Alla (totalundersökning)")),
            SelectChoice(Design.SAMPLE.value, _l("Ett urval i vissa enheter")),
        ],
    )

    def instruments(self) -> list[tuple[ServiceType, str]]:
        """Return the chosen instruments in the chosen order."""
        chosen = [
            (self[f"order_{service}"].data or len(ServiceType), service, self[f"instrument_{service}"].data)
            for service in ServiceType
            if f"instrument_{service}" in self and self[f"instrument_{service}"].data
        ]
        chosen.sort(key=lambda row: row[0])
        return [(service, instrument) for _, service, instrument in chosen]


WITH_REGISTER = ("form_per", "include_only_alarm", "minimum_age", "maximum_age", "design")
"""Fields about people of a register."""


def people_form(
    possible: Mapping[ServiceType, Sequence[Instrument]], current: Sequence[tuple[ServiceType, str]], **values: Any
) -> PeopleForm:
    """Return the form with an instrument and a place in the order for each service that has instruments.

    Without values of `WITH_REGISTER` the form has no such fields.
    """
    fields: dict[str, Any] = {}
    places = {service: (place, instrument) for place, (service, instrument) in enumerate(current, 1)}
    for service, found in possible.items():
        place, chosen = places.get(service, (len(ServiceType), ""))
        choices = [
            SelectChoice("", _l("Frågas inte")),
            *(SelectChoice(one.id, str(one.title_in("sv"))) for one in found),
        ]
        fields[f"instrument_{service}"] = SelectField(
            service.label.capitalize(), choices=choices, default=chosen, validators=[Optional()]
        )
        fields[f"order_{service}"] = IntegerField(
            _l("Plats i ordningen: %(service)s", service=service.label),
            default=place,
            validators=[Optional()],
            render_kw=SHORT,
        )
    made: type[PeopleForm] = type("MadePeopleForm", (PeopleForm,), fields)
    form = made(data=values)
    for name in WITH_REGISTER:
        if name not in values:
            del form[name]
    return form


class QuestionsForm(FlaskForm):
    """What is asked beside the core, in which languages, and who may help."""

    languages = TickBoxes(
        _l("Språk"), choices=[SelectChoice(code, language.swedish_name) for code, language in LANGUAGES.items()]
    )
    faces = TickBoxes(_l("Utformningar som vi lovar"), choices=[SelectChoice(face.value, face.label) for face in Face])
    supplements = TickBoxes(_l("Tilläggsfrågor"), description=_l("De står efter kärnfrågorna. Kärnan ändras inte."))
    staff_may_help = BooleanField(
        _l("Personalen får hjälpa till att svara"),
        description=_l(
            "Svar där personalen har hjälpt till tas alltid emot, men står bredvid enhetens resultat och räknas inte "
            "in i det. Får personalen inte hjälpa till ska det finnas en telefon och en frågeassistent att boka, och "
            "brevet och sidorna säger det."
        ),
    )
    bookable_assistant = TextAreaField(_l("Så bokar man en frågeassistent"), validators=[Length(max=1000)])


def supplement_choices(catalogue: Catalogue, instruments: Sequence[str]) -> list[SelectChoice]:
    """Return each file of supplementary questions, for all instruments or one."""
    choices = []
    for file_id in catalogue.supplements:
        title = catalogue.supplement_titles.get(file_id, {}).get("sv", file_id)
        choices.append(SelectChoice(file_id, title))
        if len(instruments) > 1:
            choices += [
                SelectChoice(
                    f"{instrument}/{file_id}", f"{title} – bara i {catalogue.instruments[instrument].title_in('sv')}"
                )
                for instrument in instruments
                if instrument in catalogue.instruments
            ]
    return choices


class ResultsForm(FlaskForm):
    """What may be shown, fixed before the count."""

    threshold_internal = IntegerField(
        _l("Minsta antal svar för att visa inom staden"),
        description=_l("Lägst 5."),
        validators=[InputRequired(_l("Skriv ett antal."))],
        render_kw=SHORT,
    )
    threshold_public = IntegerField(
        _l("Minsta antal svar för att visa för alla"),
        description=_l("Ofta 7."),
        validators=[InputRequired(_l("Skriv ett antal."))],
        render_kw=SHORT,
    )
    breakdowns = TickBoxes(
        _l("Resultat redovisas också efter"),
        description=_l("Det bestäms före räkningen, så att små grupper kan skyddas."),
        choices=[SelectChoice(name, label) for name, label in BREAKDOWNS.items()],
    )
    protection = RadioField(
        _l("Så döljs grupper bredvid dem som har för få svar"),
        description=_l("En dold grupp skyddas av att fler döljs bredvid. Båda sätten prövas innan något lämnas ut."),
        choices=[SelectChoice(way.value, way.label) for way in Protection],
        validators=[InputRequired(_l("Välj ett sätt."))],
    )


class FormalForm(FlaskForm):
    """The formal particulars and the numbers to call."""

    responsible_board = StringField(_l("Ansvarig nämnd"), validators=[Length(max=200)])
    frame_source = StringField(
        _l("Varifrån kommer registret?"),
        description=_l("Till exempel: verksamhetssystemet."),
        validators=[Length(max=200)],
    )
    legal_basis = TextAreaField(
        _l("Rättslig grund"), description=_l("Lag eller beslut som undersökningen stödjer sig på.")
    )
    dpo_contact = StringField(_l("Kontakt till dataskyddsombudet"), validators=[Length(max=200)])
    registry_number = StringField(_l("Diarienummer"), validators=[Length(max=60)])
    phone = StringField(_l("Telefon för den som fått brevet"), validators=[Length(max=40)])
    phone_hours = StringField(
        _l("Telefontider"), description=_l("Till exempel: vardagar 9–16."), validators=[Length(max=100)]
    )
    urgent_phone = StringField(_l("Telefon för den som behöver hjälp nu"), validators=[Length(max=40)])
    complaint_phone = StringField(_l("Telefon för klagomål och byte av utförare"), validators=[Length(max=40)])
    complaint_address = StringField(_l("Webbadress eller adress för klagomål"), validators=[Length(max=200)])
    results_month = StringField(
        _l("Månad då resultatet kommer"), description=_l("Till exempel: mars 2027."), validators=[Length(max=40)]
    )
    return_address = TextAreaField(
        _l("Svarsadress för pappersformulär"),
        description=_l("Behövs bara om formulär skickas på papper. En rad per adressrad."),
        validators=[Length(max=300)],
    )
    second_keying_percent = IntegerField(
        _l("Hur många procent av pappersformulären skrivs in två gånger?"),
        description=_l("De dras i varje bunt. Någon annan skriver in dem utan att se vad den första skrev."),
        validators=[InputRequired(_l("Skriv ett tal mellan 0 och 100."))],
        render_kw=SHORT,
    )
    keying_error_permille = IntegerField(
        _l("Hur många fel per tusen svar godtas vid inskrivning?"),
        description=_l("En bunt som säkert har fler fel skrivs in på nytt."),
        validators=[InputRequired(_l("Skriv ett tal mellan 0 och 1000."))],
        render_kw=SHORT,
    )


def sample_form(units: Sequence[tuple[int, str, int]], sizes: Mapping[int, int]) -> FlaskForm:
    """Return a form with a size for each unit (id, name, N)."""
    fields = {
        f"unit_{unit_id}": IntegerField(
            _l("%(unit)s, %(n)s i ramen", unit=name, n=n),
            default=sizes.get(unit_id),
            validators=[Optional()],
            render_kw=SHORT,
        )
        for unit_id, name, n in units
    }
    made: type[FlaskForm] = type("SampleForm", (FlaskForm,), fields)
    return made()


def handout_form(units: Sequence[tuple[int, str]], handouts: Mapping[int, Handout]) -> FlaskForm:
    """Return a form with the loose codes of each unit (id, name), and how many people they reach."""
    fields: dict[str, Any] = {}
    for unit_id, name in units:
        given = handouts.get(unit_id)
        fields[f"codes_{unit_id}"] = IntegerField(
            _l("%(unit)s: koder att dela ut", unit=name),
            default=given.codes if given else None,
            validators=[Optional()],
            render_kw=SHORT,
        )
        fields[f"people_{unit_id}"] = IntegerField(
            _l("%(unit)s: personer som får en kod", unit=name),
            default=given.people if given else None,
            validators=[Optional()],
            render_kw=SHORT,
        )
    made: type[FlaskForm] = type("HandoutForm", (FlaskForm,), fields)
    return made()


class BridgeForm(FlaskForm):
    """How a changed core question compares, and why."""

    comparability = RadioField(
        _l("Hur kan svaren jämföras med förra omgången?"),
        choices=[SelectChoice(value.value, value.label) for value in Comparability],
        validators=[InputRequired(_l("Välj hur de kan jämföras."))],
    )
    reason = TextAreaField(
        _l("Varför, och vem har bedömt det?"), validators=[InputRequired(_l("Skriv varför.")), Length(max=2000)]
    )


class OpenForm(FlaskForm):
    """Confirmation before a round opens."""

    sure = BooleanField(
        _l("Jag har läst igenom planen. Ramen och löftet låses nu."),
        validators=[InputRequired(_l("Bekräfta att planen är genomläst."))],
    )


class CloseForm(FlaskForm):
    """Confirmation before a round closes."""

    sure = BooleanField(
        _l("Stäng omgången. Svar kan inte längre skickas, ändras eller tas tillbaka."),
        validators=[InputRequired(_l("Bekräfta att omgången ska stängas."))],
    )


class CorrectionForm(FlaskForm):
    """What is corrected in an invitation, and why."""

    new_status = SelectField(
        _l("Läge"),
        choices=[SelectChoice("", _l("Ändras inte")), *(SelectChoice(s.value, STATUS_WORDS[s]) for s in CORRECTABLE)],
        validators=[Optional()],
    )
    new_unit = SelectField(_l("Rätt enhet på mätdagen"), validators=[Optional()])
    reason = StringField(
        _l("Varför?"),
        description=_l("Till exempel: anhörig ringde. Skriv inga namn."),
        validators=[InputRequired(_l("Skriv varför.")), Length(max=500)],
    )

    def validate_reason(self, field: StringField) -> None:
        """Refuse a correction that changes nothing."""
        if not self.new_status.data and not self.new_unit.data:
            raise ValidationError(_l("Välj ett läge eller en enhet."))
        del field


class HistoricForm(FlaskForm):
    """An earlier survey."""

    title = StringField(_l("Namn"), validators=[InputRequired(_l("Skriv undersökningens namn.")), Length(max=200)])
    year = IntegerField(_l("År"), validators=[InputRequired(_l("Skriv årtalet."))], render_kw=SHORT)
    source = TextAreaField(
        _l("Källa"),
        description=_l("Till exempel en rapport, med diarienummer."),
        validators=[InputRequired(_l("Skriv källan."))],
    )


class FiguresForm(FlaskForm):
    """A file with an earlier survey's figures."""

    file = FileField(
        _l("Fil med resultat"),
        description=_l(
            "CSV eller Excel. Kolumner: Fråga, Version, Stadsdel, Enhet, Andel (procent), Antal svar, Antal brukare."
        ),
        validators=[FileRequired(_l("Välj en fil."))],
        render_kw={"accept": ".csv,.txt,.xlsx"},
    )
