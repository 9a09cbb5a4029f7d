"""A unit's own results beside the district and the city: in words, in a table, and as a report."""

import io

from flask import render_template, send_file
from werkzeug.wrappers import Response

from enkat.services.accounts.rights import Right
from enkat.services.results.method import METHOD, NOT_COVERED, threshold
from enkat.services.results.notes import notes_of
from enkat.services.results.own import own_report, view_own
from enkat.services.results.reading import NotCountedFault, NotProtectedFault, find_round
from enkat.services.results.sentences import clients_sentence, sentence
from enkat.web import context
from enkat.web.provider.blueprint import blueprint
from enkat.web.shared.access import requires
from enkat.web.shared.login import require_actor


@blueprint.get("/enheter/<int:unit_id>/resultat/<short_name>")
@requires(Right.SEE_OWN_RESULTS)
def results(unit_id: int, short_name: str) -> str:
    """Show one unit's results of a round."""
    session = context.session()
    try:
        view, own = view_own(session, require_actor(), short_name, unit_id)
    except NotCountedFault as fault:
        waits = fault.sentence if isinstance(fault, NotProtectedFault) else ""
        return render_template("provider/locked.html", round=find_round(session, short_name), waits=waits)
    figures = [view.figure(own, question) for question in range(len(view.questions))]
    groups = view.results.grouping.groups
    return render_template(
        "provider/results.html",
        round=view.survey_round,
        unit=groups[own],
        places=[groups[index].name for index in view.visible[1:]],
        whole=view.widest(own),
        rows=[
            (figure, [view.figure(index, at) for index in view.visible[1:]])
            for at, figure in enumerate(figures)
            if figure.clients
        ],
        said=[(figure, sentence(figure), clients_sentence(figure)) for figure in figures if figure.clients],
        hidden=not any(figure.shown for figure in figures),
        threshold=threshold(view),
        method=METHOD,
        not_covered=NOT_COVERED,
        notes=notes_of(view),
    )


@blueprint.post("/enheter/<int:unit_id>/resultat/<short_name>/rapport")
@requires(Right.SEE_OWN_RESULTS)
def results_report(unit_id: int, short_name: str) -> Response:
    """Hand out the unit's report."""
    made = own_report(
        context.session(),
        context.clock(),
        require_actor(),
        short_name,
        unit_id,
        city=context.settings().city_name,
    )
    return send_file(io.BytesIO(made.content), made.media_type, as_attachment=True, download_name=made.name)
