"""A domain's fault told at the form field it concerns."""

from flask_wtf import FlaskForm

from enkat.services.faults import Fault, Faults


def tell(form: FlaskForm, fault: Fault) -> None:
    """Add the fault's sentence to its field, or to the form when it names none of the form's fields."""
    if fault.field and fault.field in form:
        field = form[fault.field]
        field.errors = [*field.errors, fault.sentence]
    else:
        form.form_errors.append(fault.sentence)


def tell_all(form: FlaskForm, fault: Fault) -> None:
    """Tell every sentence of a fault at the field it concerns."""
    if isinstance(fault, Faults):
        for sentence, name in zip(fault.sentences, fault.fields, strict=True):
            tell(form, Fault(sentence, name))
    else:
        tell(form, fault)
