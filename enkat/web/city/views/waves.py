"""Waves of a round: plan, look at the exact words, say yes, follow, write in another way to those not reached."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from enkat.clock import today
from enkat.records.clients import ContactChannel
from enkat.records.jobs import Job
from enkat.records.rounds import RoundState, SurveyRound
from enkat.records.waves import (
    UNREACHED,
    ContactWave,
    LetterFile,
    RecipientState,
    WaveChannel,
    WaveKind,
    WaveState,
)
from enkat.records.waves_queries import LIVING, Counts, listed_people, progress_of, repeats_of, waves_of
from enkat.records.writing import writing
from enkat.services.accounts.rights import Right
from enkat.services.audit.recording import record
from enkat.services.faults import Fault, NotFoundFault
from enkat.services.rounds.correcting import STATUS_WORDS
from enkat.services.waves.days import contact_day
from enkat.services.waves.planning import (
    WavePlan,
    approve_wave,
    build_now,
    cancel_wave,
    choose_codes,
    expected,
    get_wave,
    plan_wave,
)
from enkat.services.waves.previewing import letter_opening, previews, warnings
from enkat.web import context
from enkat.web.city.blueprint import blueprint
from enkat.web.city.forms.waves import ApproveForm, CodesForm, WaveForm
from enkat.web.city.views.letters import sender
from enkat.web.city.views.rounds import crumbs, find, render
from enkat.web.shared.access import requires
from enkat.web.shared.form_faults import tell
from enkat.web.shared.paging import PAGE_SIZE, Page, page_number

TAGS = {
    WaveState.PLANNED: ("info", "Planerat"),
    WaveState.BUILDING: ("info", "Listan byggs"),
    WaveState.BUILT: ("warning", "Listan är klar"),
    WaveState.SENDING: ("info", "Skickas"),
    WaveState.DONE: ("good", "Klart"),
    WaveState.CANCELLED: ("neutral", "Inställt"),
}
KIND_WORDS = {WaveKind.INVITATION: "Första utskick", WaveKind.REMINDER: "Påminnelse"}
CHANNEL_WORDS = {
    WaveChannel.WISH: "som var och en önskar",
    WaveChannel.LETTER: "brev",
    WaveChannel.SMS: "sms",
    WaveChannel.EMAIL: "e-post",
}
STATE_WORDS = {
    RecipientState.WAITING: "Väntar",
    RecipientState.HANDING: "På väg",
    RecipientState.HANDED: "Lämnat",
    RecipientState.SKIPPED: "Behövdes inte",
    RecipientState.REFUSED: "Togs inte emot",
    RecipientState.UNCERTAIN: "Oklart om det kom fram",
    RecipientState.BOUNCED: "Kom i retur",
}
REMEDIES = {
    RecipientState.REFUSED: "Kontrollera nummer eller adress i registret. Skicka brev i stället.",
    RecipientState.UNCERTAIN: "Vi försökte två gånger. Skicka brev i stället, om det är viktigt att alla nås.",
    RecipientState.BOUNCED: "Adressen finns inte. Skicka brev i stället, och rätta registret.",
}


def _wave(short_name: str, wave_id: int) -> tuple[SurveyRound, ContactWave]:
    round_, wave = find(short_name), get_wave(context.session(), wave_id)
    if wave.round_id != round_.id:
        raise NotFoundFault(_("Utskicket finns inte. Välj ett i listan."))
    return round_, wave


def _back(short_name: str, wave_id: int) -> Response:
    return redirect(url_for("city.round_wave", short_name=short_name, wave_id=wave_id))


def _plan_of(form: WaveForm) -> WavePlan:
    return WavePlan(
        WaveKind(form.kind.data),
        WaveChannel(form.channel.data),
        form.planned_on.data,
        LetterFile(form.letter_file.data),
    )


@blueprint.route("/omgangar/<short_name>/utskick", methods=["GET", "POST"])
@requires(Right.MANAGE_LETTERS)
def round_waves(short_name: str) -> str | Response:
    """List a round's waves, and plan one."""
    actor, session, round_ = sender(), context.session(), find(short_name)
    first = contact_day(max(today(context.clock()), round_.opens_on))
    form = WaveForm(planned_on=first)
    if form.validate_on_submit():
        try:
            wave = plan_wave(
                session,
                context.clock(),
                context.settings(),
                round_.id,
                _plan_of(form),
                account_id=actor.account_id,
            )
        except Fault as fault:
            tell(form, fault)
        else:
            return _back(short_name, wave.id)
    waves = waves_of(session, round_.id)
    return render(
        "waves/list",
        round_,
        form=form,
        codes_form=CodesForm(carried="yes" if round_.codes_in_messages else "no"),
        waves=waves,
        progress={wave_id: _summed(counts) for wave_id, counts in progress_of(session, [w.id for w in waves]).items()},
        tags=TAGS,
        kinds=KIND_WORDS,
        channels=CHANNEL_WORDS,
        takes_waves=round_.state in {RoundState.PLANNED, RoundState.OPEN},
    )


def _summed(counts: Counts) -> dict[str, int]:
    """Return how many on a list are done with, and how many were not reached."""
    waiting = {RecipientState.WAITING, RecipientState.HANDING}
    return {
        "total": sum(counts.values()),
        "done": sum(number for (_, state), number in counts.items() if state not in waiting),
        "unreached": sum(number for (_, state), number in counts.items() if state in UNREACHED),
    }


@blueprint.post("/omgangar/<short_name>/utskick/koder")
@requires(Right.MANAGE_LETTERS)
def round_wave_codes(short_name: str) -> Response:
    """Decide whether the round's messages carry codes."""
    actor, round_, form = sender(), find(short_name), CodesForm()
    if form.validate_on_submit():
        carried = form.carried.data == "yes"
        choose_codes(context.session(), context.clock(), round_.id, actor.account_id, carried=carried)
        flash(_("Valet är sparat. Utskick som var bekräftade behöver bekräftas igen."), "good")
    return redirect(url_for("city.round_waves", short_name=short_name))


@blueprint.get("/omgangar/<short_name>/utskick/<int:wave_id>")
@requires(Right.MANAGE_LETTERS)
def round_wave(short_name: str, wave_id: int) -> str:
    """Show a wave: its words, whom it reaches, how far it has come, what went wrong."""
    sender()
    round_, wave = _wave(short_name, wave_id)
    session, settings = context.session(), context.settings()
    counts = progress_of(session, [wave.id])[wave.id]
    numbers = _numbers(session, wave, counts)
    shown = previews(settings, round_, wave)
    return render(
        "waves/wave",
        round_,
        wave=wave,
        numbers=numbers,
        total=sum(numbers.values()),
        progress=_summed(counts),
        outcomes=_outcomes(counts),
        repeats=repeats_of(session, wave.id),
        previews=shown,
        letter=letter_opening(settings, round_, wave),
        parts={preview.channel: preview.wording.parts for preview in reversed(shown)},
        warnings=list(warnings(session, context.clock(), round_, wave, shown)) if wave.state in LIVING else [],
        job=session.get(Job, wave.job_id) if wave.job_id else None,
        approve_form=ApproveForm(number=sum(numbers.values())),
        left=[(STATUS_WORDS[status], number) for status, number in _left(wave)],
        can_cancel=wave.state in {WaveState.PLANNED, WaveState.BUILT, WaveState.SENDING},
        breadcrumbs=_way(round_),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "tags": TAGS,
        "kinds": KIND_WORDS,
        "channels": CHANNEL_WORDS,
        "state_words": STATE_WORDS,
        "remedies": REMEDIES,
        "unreached": UNREACHED,
    }


def _left(wave: ContactWave) -> list[tuple[Any, int]]:
    known = {status.value: status for status in STATUS_WORDS}
    return [(known[name], number) for name, number in wave.checked.get("left", {}).items()]


def _numbers(session: Any, wave: ContactWave, counts: Counts) -> dict[ContactChannel, int]:
    """Return how many the wave writes to by channel: the frozen list's, or as things are now."""
    if wave.listed:
        return {ContactChannel(name): number for name, number in wave.listed.items()}
    if wave.state is WaveState.PLANNED:
        return expected(session, context.settings(), wave)
    return {channel: sum(n for (own, _), n in counts.items() if own is channel) for channel in {c for c, _ in counts}}


def _outcomes(counts: Counts) -> list[tuple[RecipientState, dict[ContactChannel, int]]]:
    return [
        (state, own)
        for state in RecipientState
        if (own := {channel: number for (channel, other), number in counts.items() if other is state})
    ]


def _way(round_: SurveyRound) -> list[tuple[str, str]]:
    return [*crumbs(round_), (_("Utskick"), url_for("city.round_waves", short_name=round_.short_name))]


@blueprint.post("/omgangar/<short_name>/utskick/<int:wave_id>/bekrafta")
@requires(Right.MANAGE_LETTERS)
def round_wave_approve(short_name: str, wave_id: int) -> Response:
    """Say yes to as many messages as the page showed."""
    actor = sender()
    _round, wave = _wave(short_name, wave_id)
    form = ApproveForm()
    if form.validate_on_submit():
        approve_wave(context.session(), context.clock(), wave.id, form.number.data, actor.account_id)
        flash(_("Utskicket är bekräftat. Det går ut på sin dag."), "good")
    else:
        flash(_("Bekräfta att du har läst meddelandet och antalen."), "warning")
    return _back(short_name, wave_id)


@blueprint.post("/omgangar/<short_name>/utskick/<int:wave_id>/lista")
@requires(Right.MANAGE_LETTERS)
def round_wave_build(short_name: str, wave_id: int) -> Response:
    """Have the list built now, or anew."""
    actor = sender()
    _round, wave = _wave(short_name, wave_id)
    built = build_now(context.session(), context.clock(), wave.id, actor.account_id)
    return redirect(url_for("city.job", job_id=built.job_id))


@blueprint.post("/omgangar/<short_name>/utskick/<int:wave_id>/stall-in")
@requires(Right.MANAGE_LETTERS)
def round_wave_cancel(short_name: str, wave_id: int) -> Response:
    """Call a wave off."""
    actor = sender()
    _round, wave = _wave(short_name, wave_id)
    cancel_wave(context.session(), context.clock(), wave.id, actor.account_id)
    flash(_("Utskicket är inställt. Inget mer skickas."), "good")
    return _back(short_name, wave_id)


@blueprint.post("/omgangar/<short_name>/utskick/<int:wave_id>/brev")
@requires(Right.MANAGE_LETTERS)
def round_wave_letters(short_name: str, wave_id: int) -> Response:
    """Plan letters to those whom a wave did not reach."""
    actor = sender()
    round_, wave = _wave(short_name, wave_id)
    day = contact_day(today(context.clock()))
    plan = WavePlan(wave.kind, WaveChannel.LETTER, day, wave.letter_file, after_id=wave.id)
    made = plan_wave(
        context.session(), context.clock(), context.settings(), round_.id, plan, account_id=actor.account_id
    )
    return _back(short_name, made.id)


@blueprint.get("/omgangar/<short_name>/utskick/<int:wave_id>/lista")
@requires(Right.MANAGE_LETTERS)
def round_wave_list(short_name: str, wave_id: int) -> str:
    """Show the people on a wave's list; the look is logged."""
    actor, session = sender(), context.session()
    round_, wave = _wave(short_name, wave_id)
    chosen = next((state for state in RecipientState if state.value == request.args.get("lage")), None)
    repeated = "igen" in request.args
    number = page_number()
    rows, total = listed_people(
        session, wave.id, [chosen] if chosen else [], repeated=repeated, page=number, size=PAGE_SIZE
    )
    with writing(session):
        subject, details = f"wave:{wave.id}", {"rows": len(rows)}
        record(
            session,
            context.clock(),
            account_id=actor.account_id,
            action="wave.listed",
            subject=subject,
            details=details,
        )
    way = [*_way(round_), (KIND_WORDS[wave.kind], url_for("city.round_wave", short_name=short_name, wave_id=wave_id))]
    return render(
        "waves/people",
        round_,
        wave=wave,
        page=Page(rows, number, total),
        chosen=chosen,
        repeated=repeated,
        states=list(RecipientState),
        breadcrumbs=way,
        **_words(),
    )
