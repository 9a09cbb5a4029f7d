"""The opening desk and the keying as pages: what is said, what is kept out, and that no script is needed."""

from sqlalchemy import event, select

from enkat.records.accounts import Role
from enkat.records.concerns import Concern, ConcernSource
from enkat.records.invitations import Invitation, InvitationStatus
from enkat.web.extensions import db
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account
from tests.factories.walking import Walker
from tests.web.paper.conftest import PaperPages

SELF_ALL_FIRST = "10" + "1" * 10


def _status(paper: PaperPages, person: int) -> InvitationStatus:
    paper.session.rollback()
    return paper.session.scalars(
        select(Invitation.status).where(Invitation.id == paper.opened.invitation_ids[person])
    ).one()


def test_the_opener_reads_what_became_of_each_sheet(paper: PaperPages) -> None:
    assert "bunt 1, blad 1" in paper.scan(0).notice
    assert "redan registrerat: bunt 1, blad 1" in paper.scan(0).notice
    short = paper.opener.press("Registrera", {"code": paper.opened.codes[1][:-1]})
    assert "Här är det 15" in short.fault
    assert short.title.startswith("Fel:")
    other = f"https://enkat.staden.example/o/annan#{paper.opened.codes[1]}"
    assert "annan omgång: annan" in paper.opener.press("Registrera", {"code": other}).fault
    blank = paper.opener.press("Formuläret är tomt", {"code": paper.opened.codes[1]})
    assert "Formuläret är tomt. Inget är registrerat" in blank.notice
    assert _status(paper, 1) is InvitationStatus.OPEN
    assert "Blad 1 är borttaget" in paper.opener.press("Ångra blad 1").notice
    assert _status(paper, 0) is InvitationStatus.OPEN
    assert "noterat för EKE" in paper.opener.press("Notera blad utan kod", {"unit": "EKE"}).notice
    assert "Märket finns inte" in paper.opener.press("Notera blad utan kod", {"unit": "QQQ"}).text
    assert "EKE: 1" in paper.opener.text


def test_the_desks_show_neither_names_nor_answers_and_nothing_leads_to_the_register(paper: PaperPages) -> None:
    paper.set_up(second_keying_percent=100)
    paper.pile(0)
    paper.key(0, SELF_ALL_FIRST)
    paper.take(0, keyer=1)
    paper.opener.get(f"{paper.base}/buntar")
    shown = "".join(html for walker in (paper.opener, *paper.keyers) for _path, html in walker.seen)
    assert "Testperson" not in shown
    assert "Provgatan" not in shown
    assert SELF_ALL_FIRST not in shown
    for walker in (paper.opener, paper.keyers[0]):
        for path in ("/stad/register/personer", "/stad/omgangar", f"/stad/omgangar/{paper.opened.short_name}/brev"):
            assert walker.get(path).status == 403, path
    assert paper.opener.get(f"{paper.base}/skriv").status == 403


def test_a_sheet_is_keyed_checked_and_sent_without_script(paper: PaperPages) -> None:
    paper.set_up(second_keying_percent=50)
    paper.pile(0, 1)
    page = paper.take(0)
    assert page.heading == "Bunt 1, blad 1"
    assert "Fråga 10 har ingen ruta 9" in page.press("Spara", {"keys": "10111111111" + "9"}).fault
    assert page.fields()["keys"] == "101111111119", "what was typed is kept"
    assert "Sparat: bunt 1, blad 1" in page.press("Spara", {"keys": SELF_ALL_FIRST}).notice
    paper.key(1, "10" + "2" * 10)
    assert "en gång till" in paper.opener.get(f"{paper.base}/buntar").text
    chosen = 0 if "blad 1 " in paper.opener.text else 1
    assert "Du skrev in det här bladet först" in paper.take(chosen).fault
    other = paper.key(chosen, "10" + "1" * 9 + "3", keyer=1)
    assert "inskrivningarna skiljer sig" in other.notice
    decided = paper.take(chosen, keyer=2)
    assert "Avgör" in decided.heading
    asked = {name: "1" if chosen == 0 else "2" for name in decided.fields() if name.startswith("key_")}
    assert "Avgjort" in decided.press("Spara", asked).notice
    assert "Godkänd" in paper.opener.get(f"{paper.base}/buntar").text
    assert {_status(paper, 0), _status(paper, 1)} == {InvitationStatus.SENT}


def test_a_blank_form_is_put_back_and_another_window_is_noticed(paper: PaperPages) -> None:
    paper.pile(0, 1)
    first = paper.take(0)
    old = first.fields()
    paper.take(1)
    kept = paper.keyers[0].client.post(
        f"{paper.base}/skriv/blad", data={**old, "keys": SELF_ALL_FIRST}, follow_redirects=True
    )
    assert "Ett annat blad är öppet" in kept.text
    assert "Personen kan svara igen" in paper.take(1).press("Formuläret är tomt").notice
    assert _status(paper, 1) is InvitationStatus.OPEN


def test_a_worry_goes_to_the_lex_sarah_function_by_unit(paper: PaperPages) -> None:
    paper.pile(0)
    page = paper.take(0)
    worry = page.get(page.links()["Det här oroar mig"])
    assert "ring 112" in worry.text
    back = worry.press("Lämna vidare", {"description": "Skriver om slag."})
    assert "Oron är lämnad vidare" in back.notice
    concern = paper.session.scalars(select(Concern)).one()
    invitation = paper.session.get_one(Invitation, paper.opened.invitation_ids[0])
    assert (concern.source, concern.unit_id) == (ConcernSource.PAPER, invitation.unit_id)


def test_after_login_openers_and_keyers_come_to_their_own_start(paper: PaperPages) -> None:
    assert paper.opener.get("/stad/").path == "/papper/"
    assert "Öppna post" in paper.opener.text
    assert "Skriv in" not in paper.opener.text


def test_who_leads_the_round_sees_the_piles_and_keys_nothing(paper: PaperPages, clock: FixedClock) -> None:
    paper.pile(0, 1)
    app = paper.opener.client.application
    manager = Walker(log_in_as(app, paper.session, clock, make_account(paper.session, clock, Role.ROUND_MANAGER)))
    manager.get(f"/stad/omgangar/{paper.opened.short_name}/brev")
    assert "2 blad kvar" in manager.get(manager.links()["Pappersformulär som har kommit"]).text
    assert manager.get(f"{paper.base}/skriv").status == 403


def test_the_desk_speaks_the_language_that_is_chosen_and_remembers_it(paper: PaperPages) -> None:
    assert paper.opener.get("/papper/?lang=en").heading == "Paper forms"
    assert paper.opener.get(f"{paper.base}/oppna").heading == "Open mail"
    told = paper.opener.press("Register", {"code": paper.opened.codes[0]})
    assert told.notice == "Registered: batch 1, sheet 1."


def test_the_list_of_piles_asks_as_often_for_one_as_for_many(paper: PaperPages) -> None:
    paper.set_up(second_keying_percent=100)
    asked: list[int] = []
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with paper.opener.client.application.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    for person in range(5):
        paper.pile(person)
        paper.key(person, SELF_ALL_FIRST)
        statements.clear()
        paper.opener.get(f"{paper.base}/buntar")
        asked.append(len([one for one in statements if one.startswith("SELECT")]))
    assert len(set(asked)) == 1
    assert 0 < asked[0] <= 20
