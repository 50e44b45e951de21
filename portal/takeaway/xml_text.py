"""XML that is written, never read: elements in, text out."""

from xml.etree.ElementTree import Element, tostring

from portal.filters import clean, xml_text


def element(name: str, text: str = "", /, **attributes: str) -> Element:
    """An element with this text; what XML cannot hold is left out."""
    made = Element(name, {key: _fit(value) for key, value in attributes.items()})
    made.text = _fit(text) or None
    return made


def _fit(text: str) -> str:
    return xml_text(clean(text))


def parent(name: str, *children: Element, **attributes: str) -> Element:
    made = element(name, **attributes)
    made.extend(children)
    return made


def document(root: Element) -> str:
    """The whole text, UTF-8 by its declaration."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"
