"""The subcommands of `enkat round` for keys, rehearsal, count and destruction. Shares are typed, never arguments."""

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from enkat.cli._database import open_database
from enkat.clock import system_clock
from enkat.records.keys import all_holders, holders_of
from enkat.records.rounds import SurveyRound
from enkat.services.ballots.counting import count as count_round
from enkat.services.ballots.destroying import destroy_box
from enkat.services.faults import Fault
from enkat.services.keys.combining import combine_shares
from enkat.services.keys.destroying import confirm_shredded
from enkat.services.keys.making import Holder, IssuedShare, make_keys
from enkat.services.keys.rehearsing import rehearse as rehearse_round
from enkat.services.keys.replacing import replace_holder
from enkat.services.rounds.finding import get_round_by_name

_share_files = click.option(
    "--share-file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fil med en nyckeldel. Utan flaggan frågar kommandot efter delarna.",
)


def _find(session: Session, name: str) -> SurveyRound:
    return get_round_by_name(session, name)


def _shares(survey_round: SurveyRound, files: Sequence[Path]) -> list[str]:
    """Read the shares from files or ask for them; typed words are not shown."""
    if files:
        return [path.read_text(encoding="utf-8") for path in files]
    asked = range(1, survey_round.key_threshold + 1)
    return [
        str(click.prompt(f"Nyckeldel {number} av {survey_round.key_threshold}", hide_input=True)) for number in asked
    ]


def _hand_out(shares: Sequence[IssuedShare], folder: Path | None) -> None:
    """Show every share once, or write each to a file that only its owner reads."""
    for number, share in enumerate(shares, start=1):
        if folder is None:
            click.echo(f"\nDel {number} till {share.holder} (märke {share.mark}):\n{share.words}")
            continue
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"del-{number}-{share.mark}.txt"
        path.touch(mode=0o600)
        path.write_text(f"{share.words}\n", encoding="utf-8")
        click.echo(f"Del {number} till {share.holder} (märke {share.mark}): {path}")
    click.echo("\nSkriv ut en del per person. Delarna visas inte igen och sparas inte.")


@click.command("keys", help="Gör omgångens nycklar och dela ut dem.")
@click.argument("name", metavar="OMGÅNG")
@click.option(
    "--holder", "holders", multiple=True, required=True, help="Namn på en nyckelhållare. Ange en gång per person."
)
@click.option("--needed", default=2, show_default=True, help="Hur många delar som behövs för att räkna.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Mapp för delarna, en fil per person.")
def keys(name: str, holders: tuple[str, ...], needed: int, out: Path | None) -> None:
    """Make a round's keys."""
    with open_database() as (session, _settings, _secrets):
        survey_round = _find(session, name)
        named = [Holder(holder) for holder in holders]
        _hand_out(make_keys(session, system_clock, survey_round.id, holders=named, needed=needed, account_id=None), out)


@click.command("replace-holder", help="Byt ut en nyckelhållare. Alla får nya delar.")
@click.argument("name", metavar="OMGÅNG")
@click.option("--leaving", required=True, help="Namn på den som lämnar.")
@click.option("--successor", required=True, help="Namn på den som tar över.")
@_share_files
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Mapp för delarna, en fil per person.")
def replace(name: str, leaving: str, successor: str, files: tuple[Path, ...], out: Path | None) -> None:
    """Replace a holder and split the key anew."""
    with open_database() as (session, _settings, _secrets):
        survey_round = _find(session, name)
        present = {holder.name.casefold(): holder.id for holder in holders_of(session, survey_round.id)}
        if leaving.casefold() not in present:
            raise Fault(f"{leaving} har ingen del. Nyckelhållare: {', '.join(sorted(present))}.")
        issued = replace_holder(
            session,
            system_clock,
            survey_round.id,
            leaving_id=present[leaving.casefold()],
            successor=Holder(successor),
            shares=_shares(survey_round, files),
            account_id=None,
        )
        _hand_out(issued, out)
        click.echo("De gamla delarna ska förstöras nu.")


@click.command("rehearse", help="Öva räkningen: nyckelhållarna prövar sina delar.")
@click.argument("name", metavar="OMGÅNG")
@_share_files
def rehearse(name: str, files: tuple[Path, ...]) -> None:
    """Rehearse the count."""
    with open_database() as (session, _settings, _secrets):
        survey_round = _find(session, name)
        result = rehearse_round(session, system_clock, survey_round.id, _shares(survey_round, files), account_id=None)
        click.echo(
            f"{result.ballots} övningssedlar låstes och öppnades. Delar som fungerar: {', '.join(result.tested)}."
        )
        if result.untested:
            click.echo(f"Kvar att pröva: {', '.join(result.untested)}.")
        else:
            click.echo("Alla nyckelhållare har prövat sin del. Övningen är godkänd.")


@click.command("count", help="Räkna en stängd omgång. Minst så många delar som behövs måste vara med.")
@click.argument("name", metavar="OMGÅNG")
@_share_files
@click.option(
    "--accept-unreadable", default=0, help="Antal oläsliga valsedlar som nyckelhållarna godtar att räkna utan."
)
def count(name: str, files: tuple[Path, ...], accept_unreadable: int) -> None:
    """Count a closed round."""
    with open_database() as (session, _settings, _secrets):
        survey_round = _find(session, name)
        round_id = survey_round.id
        key = combine_shares(session, round_id, _shares(survey_round, files))
        protocol = count_round(
            session,
            system_clock,
            round_id,
            private=key.private,
            present=key.names,
            account_id=None,
            accept_unreadable=accept_unreadable,
            progress=lambda _done, _total, sentence: click.echo(sentence, err=True),
        )
        facts = protocol.content
        click.echo(
            f"Skickade: {facts['sent']}. I urnan: {facts['in_box']}. Öppnade: {facts['opened']}. "
            f"Oläsliga: {facts['unreadable']}. Sparade: {facts['kept']}. För få för att sparas: {facts['not_kept']}."
        )
        click.echo(f"Närvarande: {', '.join(facts['present'])}. Protokoll {protocol.id}, SHA-256 {protocol.sha256}.")


@click.command("destroy", help="Förstör urnan efter räkningen, och skriv upp förstörda nyckeldelar.")
@click.argument("name", metavar="OMGÅNG")
@click.option("--shredded", multiple=True, help="Märke på en nyckeldel som är förstörd. Ange en gång per del.")
def destroy(name: str, shredded: tuple[str, ...]) -> None:
    """Destroy the box, or note shredded shares."""
    with open_database() as (session, _settings, secrets):
        survey_round = _find(session, name)
        if not shredded:
            facts = destroy_box(session, system_clock, secrets, survey_round.id, account_id=None).content
            click.echo(f"{facts['ballots_deleted']} valsedlar är raderade. {facts['wipe']}")
            click.echo("Nyckeln kan ännu finnas. Förstör delarna och ange deras märken med --shredded.")
            return
        by_mark = {holder.share_mark: holder.id for holder in all_holders(session, survey_round.id)}
        unknown = [mark for mark in shredded if mark not in by_mark]
        if unknown:
            raise Fault(f"Märket {unknown[0]} finns inte i omgången. Märkena är {', '.join(by_mark)}.")
        remains = None
        for mark in shredded:
            remains = confirm_shredded(session, system_clock, by_mark[mark], account_id=None)
        if remains is not None and remains.destroyed:
            click.echo("Nyckeln är förstörd: för få delar finns kvar.")
        else:
            click.echo("Nyckeln kan ännu finnas. Fler delar måste förstöras.")


COMMANDS: tuple[click.Command, ...] = (keys, replace, rehearse, count, destroy)
"""What the group `round` takes in."""
