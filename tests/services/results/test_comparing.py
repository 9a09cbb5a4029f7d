"""Words for differences and the funnel: of shown figures only, and the same for whoever reads them."""

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from enkat.records.accounts import Role
from enkat.records.organisations import District, OperatingForm
from enkat.records.releases import ReleaseLevel
from enkat.services.results.case_mix import forms_standardised
from enkat.services.results.comparing import funnel_of, pooled_figures, rest_phrases, rest_words
from enkat.services.results.exporting import view_results
from enkat.services.results.figures import View
from enkat.services.results.groups import GroupKind
from enkat.statistics.comparisons.words import Word
from tests.clocks import FixedClock
from tests.factories.accounts import make_actor
from tests.factories.counted import UnitCase, add_counted_round

UNITS = [
    UnitCase(120, 80, positive=0.98),
    UnitCase(120, 80, positive=0.5),
    *(UnitCase(100, 60, number % 3) for number in range(20)),
    UnitCase(5, 3),
]


def view_of(session: Session) -> View:
    add_counted_round(session, UNITS)
    return view_results(session, None, "ht26", ReleaseLevel.INTERNAL)


def test_only_units_that_differ_get_a_word_of_difference(session: Session):
    view = view_of(session)
    said, start = rest_words(view), view.results.grouping.units.start
    assert said[start, 0] is Word.HIGHER
    assert said[start + 1, 0] is Word.LOWER
    others = {word for (group, _question), word in said.items() if group > start + 1}
    assert others <= {Word.NOT_CERTAIN, Word.SMALL}
    assert rest_phrases(view)[start, 0] == "högre än övriga enheter"


def test_nothing_is_said_of_hidden_figures_or_of_own_questions(session: Session):
    view = view_of(session)
    said = rest_words(view)
    hidden = view.results.grouping.units.start + len(UNITS) - 1
    own = [at for at, asked in enumerate(view.questions) if not asked.question.core]
    assert own
    assert not view.figure(hidden, 0).shown
    assert {group for group, _question in said}.isdisjoint({hidden})
    assert {question for _group, question in said}.isdisjoint(own)


def test_a_district_reads_the_words_that_the_city_reads(session: Session, clock: FixedClock):
    everything = rest_words(view_of(session))
    second = session.scalars(select(District.id).order_by(District.id)).all()[1]
    actor = make_actor(session, clock, Role.DISTRICT_READER, district_id=second)
    view = view_results(session, actor, "ht26", ReleaseLevel.INTERNAL)
    own = rest_words(view)
    assert own
    assert len(own) < len(everything)
    assert all(everything[cell] == word for cell, word in own.items())


def test_the_funnel_holds_the_shown_units_and_counts_the_hidden_ones(session: Session):
    view = view_of(session)
    data = funnel_of(view, 0)
    assert data is not None
    start = view.results.grouping.units.start
    shown = [start + n for n in range(len(UNITS)) if view.figure(start + n, 0).shown]
    assert list(data.groups) == shown
    assert data.hidden == len(UNITS) - len(shown) > 0
    figures = [view.figure(group, 0) for group in shown]
    positive = sum(option.count for figure in figures for option in figure.options if option.positive)
    assert data.mean == positive / sum(figure.answered for figure in figures)
    inner, outer = (np.array(one.upper) - np.array(one.lower) for one in data.limits[:2])
    assert np.all(inner <= outer)


def test_units_that_differ_more_than_chance_widen_the_funnel(session: Session):
    add_counted_round(session, [UnitCase(80, 60, positive=0.5 + 0.45 * (number % 2)) for number in range(12)])
    data = funnel_of(view_results(session, None, "ht26", ReleaseLevel.INTERNAL), 0)
    assert data is not None
    _inner, outer, widest = (np.array(one.upper) - np.array(one.lower) for one in data.limits)
    assert np.all(outer < widest)
    assert set(data.zone.values()) == {0}


def test_one_unit_has_no_funnel(session: Session):
    add_counted_round(session, [UnitCase(40, 30)])
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    assert funnel_of(view, 0) is None


def test_the_pooled_view_draws_shown_units_towards_the_city_and_leaves_hidden_ones(session: Session):
    view = view_of(session)
    rows = [(group.name, view.figure(index, 0)) for index, group in view.groups(GroupKind.UNIT)]
    drawn = pooled_figures(view, 0, rows)
    assert [name for name, _figure in drawn] == [name for name, _figure in rows]
    whole = view.figure(0, 0).share
    for (_name, own), (_same, pulled) in zip(rows, drawn, strict=True):
        if own.shown:
            assert abs(pulled.share - whole) <= abs(own.share - whole) + 0.02
            assert pulled.lo < pulled.share < pulled.hi
        else:
            assert pulled is own
    assert rows[0][1].share - drawn[0][1].share > 0.005


def test_operating_forms_are_compared_as_if_they_had_the_same_clients(session: Session):
    municipal = [UnitCase(200, 150, number % 2, positive=0.7) for number in range(4)]
    private = [
        UnitCase(200, 150, number % 2, OperatingForm.PRIVATE_CHOICE, positive=0.9, men=0.6) for number in range(4)
    ]
    add_counted_round(session, [*municipal, *private])
    view = view_results(session, None, "ht26", ReleaseLevel.INTERNAL)
    own, other = forms_standardised(view, 0)
    assert (own.name, own.word) == ("Egen regi", "")
    assert other.word == "högre än egen regi"
    assert other.lo_difference < other.share - own.share < other.hi_difference
    assert other.lo < other.share < other.hi
    assert 0.15 < other.share - own.share < 0.25
    assert forms_standardised(view_results(session, None, "ht26", ReleaseLevel.PUBLIC), 0) == []


def test_a_single_operating_form_is_compared_with_nothing(session: Session):
    assert forms_standardised(view_of(session), 0) == []
