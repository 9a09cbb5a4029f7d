"""The respondents' blueprint."""

from flask import Blueprint

blueprint = Blueprint("respondent", __name__, template_folder="templates")
