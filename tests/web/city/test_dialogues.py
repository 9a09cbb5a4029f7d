"""Pages of dialogue: written, found, changed with history, taken out, removed once that is confirmed."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from enkat.clock import today
from enkat.records.accounts import Role
from tests.clocks import FixedClock
from tests.factories.accounts import log_in_as, make_account, staff_client
from tests.factories.rounds import small_register
from tests.web.city.test_rounds import page, send

BASE = "/stad/dialog"


def fields(clock: FixedClock, **changes: object) -> dict[str, object]:
    day = today(clock) - timedelta(days=3)
    return {
        "held_on": day,
        "kind": "focus_group",
        "theme": "Trygghet på kvällen",
        "participants": 7,
        "findings": "Flera vill veta **vem** som kommer.\n\n- samma person\n- <script>alert(1)</script>",
        **changes,
    }


def test_a_record_is_written_found_changed_and_removed(app: Flask, session: Session, clock: FixedClock) -> None:
    small_register(session)
    session.rollback()
    manager = staff_client(app, session, clock, Role.ROUND_MANAGER)
    assert "Här finns inga anteckningar." in page(manager, BASE)
    wrong = send(manager, f"{BASE}/ny", **fields(clock, findings="Ring ada@example.org"))
    assert "<title>Fel:" in wrong
    assert "en e-postadress" in wrong
    assert "Ring ada@example.org" in wrong, "what was written stays"
    shown = send(manager, f"{BASE}/ny", **fields(clock))
    assert "<strong>vem</strong>" in shown
    assert "<li>samma person</li>" in shown
    assert "<script>alert" not in shown
    assert "har inte fått veta" in shown
    changed = send(
        manager, f"{BASE}/1/andra", **fields(clock, theme="Trygghet", feedback="Brev", feedback_on=today(clock))
    )
    assert "Så stod det till och med" in changed
    assert "Trygghet på kvällen" in changed
    assert "Trygghet" in page(manager, f"{BASE}?q=samma&form=focus_group")
    assert "Ingen anteckning stämmer" in page(manager, f"{BASE}?aterkoppling=saknas")
    for ending in ("xlsx", "csv"):
        made = manager.get(f"{BASE}/fil.{ending}?q=samma")
        assert made.status_code == 200
        assert made.headers["Content-Disposition"].endswith(f'"dialog.{ending}"')
    assert "Bekräfta" in send(manager, f"{BASE}/1/ta-bort", form_at=f"{BASE}/1")
    assert "Anteckningen är borttagen." in send(manager, f"{BASE}/1/ta-bort", form_at=f"{BASE}/1", sure="y")
    assert manager.get(f"{BASE}/1").status_code == 404


def test_a_district_reader_writes_for_the_own_district_only(app: Flask, session: Session, clock: FixedClock) -> None:
    districts = small_register(session).districts
    account = make_account(session, clock, Role.DISTRICT_READER, district_id=districts["Norra"])
    session.rollback()
    manager = staff_client(app, session, clock, Role.ROUND_MANAGER)
    send(manager, f"{BASE}/ny", **fields(clock))
    reader = log_in_as(app, session, clock, account)
    form = page(reader, f"{BASE}/ny")
    assert "Norra" in form
    assert "Centrum" not in form
    assert reader.get(f"{BASE}/1").status_code == 404
    shown = send(reader, f"{BASE}/ny", **fields(clock, theme="Maten", district_id=districts["Norra"]))
    assert "Maten" in shown
    listed = page(reader, BASE)
    assert "Maten" in listed
    assert "Trygghet på kvällen" not in listed


def test_others_see_no_dialogue(app: Flask, session: Session, clock: FixedClock) -> None:
    session.rollback()
    assert staff_client(app, session, clock, Role.KEY_HOLDER).get(BASE).status_code == 403
