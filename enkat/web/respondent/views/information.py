"""Pages beside the questions: how data are handled, help, the accessibility statement."""

from flask import g, render_template
from sqlalchemy import or_, select

from enkat.records.retention import RecordKind, RetentionRule
from enkat.web import context
from enkat.web.respondent import preferences
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.facts import RoundParticulars, round_facts
from enkat.web.respondent.statement import statement
from enkat.web.respondent.views.start import current_rounds
from enkat.web.shared.access import open_to_all
from enkat.web.shared.languages import first_of

_TOLD_KINDS = (RecordKind.INVITATIONS, RecordKind.ANSWERS, RecordKind.FREE_TEXTS)


def frame_round(short_name: str | None) -> RoundParticulars | None:
    """Return the round of the address; without one the frame shows the phone of the only open round."""
    if short_name is not None:
        return round_facts(short_name)
    rounds = current_rounds()
    return rounds[0] if len(rounds) == 1 else None


def _retention(round_id: int) -> dict[str, RetentionRule]:
    """Return the rules that are told, by kind of record: the round's own before the city's general ones."""
    wanted = select(RetentionRule).where(
        or_(RetentionRule.round_id == round_id, RetentionRule.round_id.is_(None)),
        RetentionRule.record_kind.in_(_TOLD_KINDS),
    )
    rules = sorted(context.session().scalars(wanted), key=lambda rule: rule.round_id is not None)
    return {rule.record_kind.value: rule for rule in rules}


@blueprint.get("/uppgifter")
@blueprint.get("/o/<short_name>/uppgifter")
@open_to_all
def privacy(short_name: str | None = None) -> str:
    """Tell how data are handled, from the round's own particulars."""
    if short_name is None:
        return render_template("respondent/privacy_choice.html", rounds=current_rounds())
    facts = round_facts(short_name)
    told = facts.promises(preferences.language())
    return render_template(
        "respondent/privacy.html",
        round=facts,
        **{part: told.get(part, []) for part in ("promise", "helped", "holds", "holds_not")},
        retention=_retention(facts.id),
    )


@blueprint.get("/hjalp")
@blueprint.get("/o/<short_name>/hjalp")
@open_to_all
def help_page(short_name: str | None = None) -> str:
    """Tell whom to call, how to complain and how to change provider."""
    facts = frame_round(short_name)
    rounds = [facts] if facts else current_rounds()
    return render_template("respondent/help.html", round=facts, rounds=rounds)


@blueprint.get("/tillganglighet")
@blueprint.get("/o/<short_name>/tillganglighet")
@open_to_all
def accessibility(short_name: str | None = None) -> str:
    """Show the accessibility statement."""
    facts = frame_round(short_name)
    g.setdefault("help_round", facts)
    return render_template("respondent/accessibility.html", round=facts, statement=statement(), first_of=first_of)
