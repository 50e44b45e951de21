"""Addresses that are made when they are first asked for."""

from flask import Flask, url_for

from portal.routing import Rule


def test_an_address_is_the_same_the_first_time_and_later(app: Flask) -> None:
    with app.test_request_context():
        for _ in range(2):
            assert url_for("documents.page", public_id="a è", x="è", y=[1, 2]) == (
                "/documenti/a%20%C3%A8?x=%C3%A8&y=1&y=2"
            )
            assert url_for("static", filename="css/portal.css") == "/static/css/portal.css"


def test_a_value_may_be_called_like_the_rule() -> None:
    app = Flask("trial", static_folder=None)
    app.url_rule_class = Rule
    app.add_url_rule("/<rule>/<int:self>", "here")
    with app.test_request_context():
        assert url_for("here", rule="a", self=2) == "/a/2"
        assert url_for("here", rule="a", self=2, compiled="sì") == "/a/2?compiled=s%C3%AC"


def test_nothing_is_compiled_before_it_is_asked_for() -> None:
    app = Flask("trial", static_folder=None)
    app.url_rule_class = Rule
    app.add_url_rule("/<int:number>", "here")
    (rule,) = app.url_map.iter_rules()
    waiting = rule._build_unknown
    with app.test_request_context():
        url_for("here", number=1)
    assert rule._build_unknown is not waiting
