"""A domain's fault told at the form field it concerns."""

from flask_wtf import FlaskForm

from enkat.services.faults import Fault


def tell(form: FlaskForm, fault: Fault) -> None:
    """Add the fault's sentence to its field, or to the form when it names none of the form's fields."""
    if fault.field and fault.field in form:
        field = form[fault.field]
        field.errors = [*field.errors, fault.sentence]
    else:
        form.form_errors.append(fault.sentence)
