"""Markdown of staff to HTML that is safe to show: the only user of bleach and nh3.

A summary is rendered once, when staff save it; pages show what was kept then.

Raw HTML in the Markdown is shown as text. bleach allows a short list of elements and marks links;
nh3 applies the same list once more, because bleach receives no more releases.
"""

from dataclasses import dataclass
from html import unescape

import bleach
import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "br"}
SUMMARY_TAGS = TAGS - {"h2", "h3", "h4"}  # a summary stands under the title of its page
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
LENGTH = 200_000  # characters; bleach is slow on long hostile input


class TextTooLong(ValueError):
    """The text has more characters than ``LENGTH``."""


@dataclass(frozen=True)
class Written:
    """A text of staff in its two forms for readers."""

    html: Markup
    plain: str


def render(markdown: str, tags: set[str] = TAGS) -> Markup:
    """Return the Markdown as safe HTML. Raises ``TextTooLong``."""
    if len(markdown) > LENGTH:
        raise TextTooLong(len(markdown))
    html = MarkdownIt("commonmark", {"html": False}).render(markdown)
    allowed = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    cleaned = bleach.clean(html, tags=tags, attributes=allowed, protocols=SCHEMES, strip=True)
    return Markup(  # noqa: S704 - two allow-lists have just passed over it
        nh3.clean(cleaned, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    )


def summary(markdown: str) -> Written:
    """A summary as HTML, without headings, and as plain text. Raises ``TextTooLong``."""
    html = render(markdown, SUMMARY_TAGS)
    bare = nh3.clean(str(html).replace("<br>", "\n"), tags=set())
    return Written(html, unescape(bare).strip())
