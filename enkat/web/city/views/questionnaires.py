"""Questionnaires on paper, to look at before any is ordered: every language, face and size, without a code."""

from flask import Response, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from enkat.instruments.instrument import Instrument
from enkat.instruments.vocabulary import ServiceType
from enkat.languages import LANGUAGES
from enkat.records.letters import QuestionnaireKind
from enkat.records.rounds import SurveyRound
from enkat.records.rounds_queries import snapshots_of
from enkat.services.accounts.rights import Right
from enkat.services.ballots.standing import compiled_instrument
from enkat.services.faults import Fault
from enkat.services.questionnaires.enclosing import proof_sheet
from enkat.services.questionnaires.laying_out import supported
from enkat.services.rounds.composing import compose_all
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.letters import ProofForm
from enkat.web.city.views.letters import sender
from enkat.web.city.views.rounds import catalogue, crumbs, find, render
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell


def _instruments(round_: SurveyRound) -> dict[ServiceType, Instrument]:
    """Return what the round asks, or would ask if it opened now."""
    session = context.session()
    asked = snapshots_of(session, round_.id)
    if asked:
        return {service: compiled_instrument(session, found.sha256) for service, found in asked.items()}
    return compose_all(catalogue(), round_)[0]


@blueprint.get("/omgangar/<short_name>/formular")
@requires(Right.MANAGE_LETTERS)
def round_questionnaires(short_name: str) -> str | Response:
    """Choose a form, and get it as PDF."""
    sender()
    round_ = find(short_name)
    instruments = _instruments(round_)
    form = ProofForm(request.args)
    form.service.choices = [SelectChoice(service.value, service.label.capitalize()) for service in instruments]
    form.lang.choices = [SelectChoice(lang, LANGUAGES[lang].swedish_name.capitalize()) for lang in round_.languages]
    form.kind.choices = [
        SelectChoice(kind.value, kind.label.capitalize()) for kind in QuestionnaireKind if supported(kind, round_)
    ]
    if "service" in request.args and form.validate():
        service = ServiceType(form.service.data)
        try:
            made = proof_sheet(
                context.settings(),
                round_,
                instruments[service],
                service=service,
                kind=QuestionnaireKind(form.kind.data),
                lang=form.lang.data,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            name = f"formular-{round_.short_name}-{form.kind.data}-{form.lang.data}.pdf"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(made, mimetype="application/pdf", headers=headers)
    way = [*crumbs(round_), (_("Brev"), url_for("city.round_letters", short_name=short_name))]
    return render("letters/questionnaires", round_, form=form, breadcrumbs=way)
