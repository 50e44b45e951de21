"""A browser of the staff, for tests: it signs in and sends the forms that pages show."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.portal.conftest import check_answer
from tests.portal.pages_checker import check_page
from tests.portal.people import PASSWORD

ORIGIN = {"Origin": "http://localhost"}


class StaffBrowser:
    """Follows the rules of every page; ``page`` is the last text that came back."""

    def __init__(self, app: Flask, email: str = "", agent: str = "") -> None:
        self.client = app.test_client()
        self.agent = {"User-Agent": agent} if agent else {}
        self.page = self.token = ""
        if email:
            assert self.sign_in(email).status_code == 303

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.send("/accedi", email=email, password=password)

    def get(self, address: str, status: int = 200) -> str:
        response = self._keep(self.client.get(address, headers=self.agent))
        assert response.status_code == status, f"{address}: {response.status}"
        return response.text

    def send(self, address: str, **fields: Any) -> TestResponse:
        """Post a form; the token is that of the last page that had one."""
        self.token = self.hidden("csrf_token") or self.token
        data = {"csrf_token": self.token, **fields}
        response = self.client.post(address, data=data, headers=ORIGIN | self.agent)
        return self._keep(response)

    def submit(self, address: str, **fields: Any) -> TestResponse:
        """Open the page of a form and send it there."""
        self.get(address)
        return self.send(address, **fields)

    def follow(self, response: TestResponse) -> str:
        assert response.status_code == 303, response.text
        return self.get(response.headers["Location"])

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}"(?: type="hidden")? value="([^"]*)"', self.page)
        return found[1] if found else ""

    def _keep(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.status_code != 303:
            check_page(response.text)
            self.page = response.text
        if "Set-Cookie" not in response.headers:
            check_answer(response)
        return response
