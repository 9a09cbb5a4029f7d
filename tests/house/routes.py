"""The list of routes with who may open them. Regenerate after a deliberate change: python -m tests.house.routes."""

import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask

from enkat.clock import system_clock
from enkat.settings import Environment, Secrets, Settings
from enkat.web.app import create_app
from enkat.web.shared.access import rule_of

GOLDEN = Path(__file__).with_name("routes.json")


def _words(rule: Any) -> str:
    """Write an access rule as words; an empty string for a view that has none."""
    if rule is None:
        return ""
    return rule if isinstance(rule, str) else " or ".join(sorted(str(right) for right in rule))


def describe(app: Flask) -> list[dict[str, str]]:
    """Return every route: path, methods, endpoint and access rule."""
    return sorted(
        (
            {
                "path": rule.rule,
                "methods": " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
                "endpoint": rule.endpoint,
                "access": _words(rule_of(app.view_functions[rule.endpoint])),
            }
            for rule in app.url_map.iter_rules()
        ),
        key=lambda route: (route["path"], route["methods"]),
    )


def written(routes: list[dict[str, str]]) -> str:
    """Return the routes as the golden file's text, one a line."""
    return "[\n" + ",\n".join(json.dumps(route, ensure_ascii=False) for route in routes) + "\n]\n"


def main() -> None:
    """Write the golden file anew."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(environment=Environment.TEST, data_dir=Path(folder))
        for name in Secrets.FIXED:
            Secrets(settings).create(name)
        GOLDEN.write_text(written(describe(create_app(settings, system_clock))), encoding="utf-8")


if __name__ == "__main__":
    main()
