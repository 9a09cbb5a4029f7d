"""How to complain, give feedback or change provider: for everybody, in every language and face, one page a district."""

from flask import abort, render_template

from enkat.services.contacts.keeping import district_names, shown_contacts
from enkat.web import context
from enkat.web.respondent import preferences
from enkat.web.respondent.blueprint import blueprint
from enkat.web.respondent.views.information import frame_round
from enkat.web.shared.access import open_to_all


@blueprint.get("/klaga")
@open_to_all
def complaints() -> str:
    """Show whom to turn to in the whole city, and the way to each district."""
    return _page(None)


@blueprint.get("/klaga/<int:district_id>")
@open_to_all
def complaints_district(district_id: int) -> str:
    """Show whom to turn to in a district."""
    return _page(district_id)


def _page(district_id: int | None) -> str:
    session = context.session()
    districts = dict(district_names(session))
    if district_id is not None and district_id not in districts:
        abort(404)
    return render_template(
        "respondent/complaints.html",
        round=frame_round(None),
        district=districts.get(district_id or 0),
        districts={number: name for number, name in districts.items() if number != district_id},
        contacts={subject.value: found for subject, found in shown_contacts(session, district_id).items()},
        easy=preferences.face() == "easy",
    )
