"""The accessibility report of a document's file, with advice for who can repair it."""

from flask import Blueprint, render_template

from indexer.accessibility import level
from portal import labels
from portal.auth.access import Permission, requires
from portal.desk import accessible, processing
from portal.desk.alike import document
from portal.services import services

blueprint = Blueprint("staff_accessibility", __name__, url_prefix="/redazione/accessibilita")


@blueprint.get("/<public_id>")
@requires(Permission.EDIT)
def report(public_id: str) -> str:
    record = document(public_id)
    facts = services().derived.facts(record.current.sha256) if record.current else None
    return render_template(
        "staff/accessibility.html",
        record=record,
        version=record.current,
        findings=accessible.findings(facts) if facts else (),
        level=labels.LEVELS[level(facts)] if facts else None,
        recognised=bool(facts and facts.recognition.recognised),
        address=processing.document_address(public_id),
    )
