"""What programs of other sites may read from a browser: public answers that know no session."""

from flask import Response


def open_to_all(response: Response) -> Response:
    """Let pages of any site read this answer; only for answers that are the same for everybody."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
