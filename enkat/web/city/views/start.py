"""The start page: what is due for whoever is logged in, and the year's wheel."""

from collections.abc import Callable

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.services.accounts.rights import Right
from enkat.services.duties.gathering import Duty, Task, gather, wheels
from enkat.services.rounds.yearwheel import next_round_year
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.shared.access import logged_in
from enkat.web.shared.formats import sv_number
from enkat.web.shared.login import require_actor
from enkat.web.shared.staff_layout import CITY_HOME, home, home_of


def _of_round(endpoint: str) -> Callable[[Duty], str]:
    def address(duty: Duty) -> str:
        return url_for(endpoint, short_name=duty.round_.short_name if duty.round_ else None)

    return address


def _to(endpoint: str) -> Callable[[Duty], str]:
    return lambda _duty: url_for(endpoint)


ADDRESSES: dict[Task, Callable[[Duty], str]] = {
    Task.ROUND_STEP: _of_round("city.round"),
    Task.STAGED_IMPORT: _to("city.register"),
    Task.FAILED_JOB: _to("city.rounds"),
    Task.WAVE: _of_round("city.round_waves"),
    Task.DESTROY_BOX: _of_round("city.round_count"),
    Task.TEST_SHARE: _of_round("city.round_rehearsal"),
    Task.CONFIRM_SHARE: _of_round("city.round_keys_confirm"),
    Task.BRING_SHARE: _of_round("city.round_count"),
    Task.SHRED_SHARE: _of_round("city.round_keys"),
    Task.READ_FREE_TEXTS: _of_round("city.free_texts_round"),
    Task.RECEIVE_CONCERNS: _to("city.concerns"),
    Task.READ_RESULTS: _of_round("city.results_round"),
    Task.INVITED_ACCOUNTS: _to("city.accounts"),
    Task.MISSING_RULES: _to("city.retention"),
}


def _sentence(duty: Duty) -> str:
    number = sv_number(duty.number)
    sentences: dict[Task, str] = {
        Task.ROUND_STEP: duty.label,
        Task.STAGED_IMPORT: _("Inlästa filer som väntar på beslut: %(number)s", number=number),
        Task.FAILED_JOB: _("Jobb som har misslyckats: %(number)s", number=number),
        Task.WAVE: _("Ett utskick behöver dig: bekräfta det, eller se vad som har stannat"),
        Task.DESTROY_BOX: _("Säkerhetskopiera, prova kopian och förstör urnan"),
        Task.TEST_SHARE: _("Prova din nyckeldel"),
        Task.CONFIRM_SHARE: _("Leta fram din nyckeldel och prova den"),
        Task.BRING_SHARE: _("Ta med din nyckeldel till räkningen"),
        Task.SHRED_SHARE: _("Förstör din nyckeldel och bekräfta det"),
        Task.READ_FREE_TEXTS: _("Fritextsvar att läsa: %(number)s", number=number),
        Task.RECEIVE_CONCERNS: _("Oro att ta emot: %(number)s", number=number),
        Task.READ_RESULTS: _("Resultatet finns"),
        Task.INVITED_ACCOUNTS: _("Inbjudna som inte har valt lösenord: %(number)s", number=number),
        Task.MISSING_RULES: _("Slags uppgifter utan gallringsregel: %(number)s", number=number),
    }
    return sentences[duty.task]


@blueprint.get("/")
@logged_in
def start() -> str | Response:
    """Show what is due and the year's wheel; who has no role in the city's work goes to the own start page."""
    session, clock, actor = context.session(), context.clock(), require_actor()
    if home_of(actor) != CITY_HOME:
        return redirect(home())
    sees_rounds = actor.holds(Right.SEE_ROUNDS)
    return render_template(
        "city/start/start.html",
        duties=[(duty, _sentence(duty), ADDRESSES[duty.task](duty)) for duty in gather(session, clock, actor)],
        wheels=wheels(session, clock) if sees_rounds else [],
        next_year=next_round_year(session) if sees_rounds else None,
    )
