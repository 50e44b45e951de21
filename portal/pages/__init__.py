"""One module per section of the site, each with one blueprint. A new page adds its line here."""

from flask import Blueprint

from portal.pages import (
    api,
    areas,
    cities,
    contact,
    documents,
    events,
    exports,
    home,
    legal,
    login,
    oai,
    project,
    search,
    solutions,
    staff_board,
    staff_coverage,
    staff_search,
    suggestions,
    training,
    usage,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    search.blueprint,
    suggestions.blueprint,
    documents.blueprint,
    solutions.blueprint,
    cities.blueprint,
    areas.blueprint,
    project.blueprint,
    training.blueprint,
    events.blueprint,
    exports.blueprint,
    api.blueprint,
    oai.blueprint,
    contact.blueprint,
    legal.blueprint,
    usage.blueprint,
    login.blueprint,
    staff_board.blueprint,
    staff_coverage.blueprint,
    staff_search.blueprint,
)
