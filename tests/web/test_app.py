"""The app as a whole: unknown pages, headers and where an unsafe request may come from."""

from flask.testing import FlaskClient


def test_an_unknown_page_says_so(client: FlaskClient) -> None:
    response = client.get("/finns-inte")
    assert response.status_code == 404
    assert "Sidan finns inte" in response.text


def test_every_answer_carries_the_safe_headers(client: FlaskClient) -> None:
    headers = client.get("/finns-inte").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_from_another_site_is_refused(client: FlaskClient) -> None:
    for header in ({"Origin": "https://annan.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/finns-inte", headers=header).status_code == 403
