"""The demo city's staff: accounts made as an administrator makes them, with passwords and one-time codes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.demo.place import DemoPlace, Login, MovingClock
from enkat.records.accounts import Account, Role, ScopeKind
from enkat.records.organisations import Unit, UnitPeriod
from enkat.services.accounts import invitation_links, inviting, managing, second_factor
from enkat.services.accounts.rights import Grant, scope_of

ISSUER_DOMAIN = "example.org"


@dataclass(frozen=True)
class StaffPlan:
    """An invented member of staff."""

    mailbox: str
    name: str
    role: Role
    password: str


STAFF = (
    StaffPlan("administrator", "Alma Administratör", Role.ADMINISTRATOR, "blå tunna vilar under bron"),
    StaffPlan("omgang", "Omar Omgångsledare", Role.ROUND_MANAGER, "gul spade gräver en damm"),
    StaffPlan("analys", "Anja Analytiker", Role.ANALYST, "grön vagn rullar mot havet"),
    StaffPlan("nyckel1", "Nils Nyckelhållare", Role.KEY_HOLDER, "röd lykta hänger i trädet"),
    StaffPlan("nyckel2", "Nora Nyckelhållare", Role.KEY_HOLDER, "vit katt sover på taket"),
    StaffPlan("nyckel3", "Noel Nyckelhållare", Role.KEY_HOLDER, "brun häst äter ett äpple"),
    StaffPlan("fritext", "Frida Fritextläsare", Role.FREE_TEXT_READER, "grå sten ligger vid vägen"),
    StaffPlan("post", "Petra Postöppnare", Role.OPENER, "rosa paraply står i hallen"),
    StaffPlan("skriv1", "Iris Inskrivare", Role.KEYER, "orange lampa lyser på bordet"),
    StaffPlan("skriv2", "Ivar Inskrivare", Role.KEYER, "silvrig sked rör i grytan"),
    StaffPlan("skydd", "Siri Skyddshandläggare", Role.PROTECTED_IDENTITY_HANDLER, "lila båt seglar till ön"),
    StaffPlan("intervju", "Ida Intervjuare", Role.INTERVIEWER, "rosa penna skriver ett brev"),
    StaffPlan("assistent", "Assar Assistent", Role.ASSISTANT, "orange kopp står på bordet"),
    StaffPlan("lexsarah", "Sara Ansvarig", Role.CONCERN_HANDLER, "turkos klocka slår i tornet"),
)
OF_PLACES = (
    StaffPlan("stadsdel", "Dag Distriktsläsare", Role.DISTRICT_READER, "svart tråd syr en säck"),
    StaffPlan("utforare", "Ulla Utförare", Role.PROVIDER_HEAD, "beige matta hänger på tork"),
    StaffPlan("chef", "Carin Enhetschef", Role.UNIT_MANAGER, "lime gräs växer genom asfalt"),
)


def make_staff(place: DemoPlace, session: Session, clock: MovingClock) -> list[Login]:
    """Make everybody who works in the whole city."""
    return [_make(place, session, clock, plan, Grant(plan.role, ScopeKind.CITY, None)) for plan in STAFF]


def make_staff_of_places(place: DemoPlace, session: Session, clock: MovingClock) -> list[Login]:
    """Make who answers for the first unit, its district and its provider, once the register knows them."""
    unit = session.scalars(select(UnitPeriod).join(Unit).order_by(Unit.code).limit(1)).one()
    ids = {
        ScopeKind.DISTRICT: unit.district_id,
        ScopeKind.PROVIDER: unit.provider_id,
        ScopeKind.UNIT: unit.unit_id,
    }
    grants = [Grant(plan.role, scope_of(plan.role), ids[scope_of(plan.role)]) for plan in OF_PLACES]
    return [_make(place, session, clock, plan, grant) for plan, grant in zip(OF_PLACES, grants, strict=True)]


def _make(place: DemoPlace, session: Session, clock: MovingClock, plan: StaffPlan, grant: Grant) -> Login:
    email = f"{plan.mailbox}@{ISSUER_DOMAIN}"
    account = managing.create_account(
        session, clock, place.settings, email=email, name=plan.name, grants=[grant], by=None, invite=False
    )
    link = invitation_links.make_link(session, clock, place.settings, account.id)
    account = inviting.accept(session, clock, urlsplit(link).path.rsplit("/", 1)[-1], plan.password)
    secret = second_factor.begin_setup(session, place.secrets, account)
    now = pyotp.TOTP(secret).at(clock())
    codes = second_factor.confirm(session, clock, place.secrets, account, now)
    return Login(email, plan.name, plan.role.value, plan.password, secret, codes)


def account_id(session: Session, role: Role) -> int:
    """Return the account that plays a role."""
    return account_ids(session, role)[0]


def account_ids(session: Session, role: Role) -> list[int]:
    """Return the accounts that play a role, in the order of the plan."""
    addresses = [f"{plan.mailbox}@{ISSUER_DOMAIN}" for plan in STAFF if plan.role is role]
    return [session.scalars(select(Account.id).where(Account.email == address)).one() for address in addresses]


def one_time_code(login: Login, clock: MovingClock) -> str:
    """Return the code that the member of staff's app shows."""
    return pyotp.TOTP(login.totp_secret).at(clock())
