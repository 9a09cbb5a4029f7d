"""The city staff's blueprint."""

from flask import Blueprint

blueprint = Blueprint("city", __name__, template_folder="templates")
