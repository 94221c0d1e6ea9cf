"""Small pieces of HTML, escaped and typeset. Text given to an element is escaped; `Markup` passes through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from .formats import typeset
from .signes import neutralise

Content = str | Markup
_VOID = frozenset({"img", "br", "hr", "col"})
_TEXT_OR_TAG = re.compile(r"(<!--.*?-->|<[^>]*>)", re.S)
_VERBATIM = re.compile(r"<(/?)(code|pre|script|style|svg)\b", re.I)


def render_text(content: Content) -> Markup:
    """Plain text becomes typeset, escaped HTML; Markup is returned as it is."""
    return content if isinstance(content, Markup) else _render_plain(content)


@lru_cache(maxsize=8192)
def _render_plain(text: str) -> Markup:
    """Reports repeat their labels and figures: each is typeset and escaped once."""
    return escape(typeset(text))


def element(name: str, *children: Content, **attributes: str | int | bool | None) -> Markup:
    """One element. `class_`, `aria_label`… become `class`, `aria-label`; None and False leave the attribute out."""
    written = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        written.append(f" {attribute}" if value is True else f' {attribute}="{escape(neutralise(str(value)))}"')
    opening = f"<{name}{''.join(written)}>"
    if name in _VOID:
        return Markup(opening)  # noqa: S704
    return Markup(f"{opening}{_joined(children, '')}</{name}>")  # noqa: S704


def join(parts: Iterable[Content], separator: str = "") -> Markup:
    return Markup(_joined(parts, str(escape(separator))))  # noqa: S704


def _joined(parts: Iterable[Content], separator: str) -> str:
    """As `str` joins them: `Markup` would go through each part once more."""
    return separator.join([part if isinstance(part, Markup) else _render_plain(part) for part in parts])


def unordered(lines: Iterable[Content], class_: str | None = None) -> Markup:
    return element("ul", *(element("li", line) for line in lines), class_=class_)


def definitions(pairs: Iterable[tuple[str, Content]], class_: str | None = None) -> Markup:
    """A description list; each pair in its own div, which is what lets it be laid out in columns."""
    rows = (element("div", element("dt", term), element("dd", value)) for term, value in pairs)
    return element("dl", *rows, class_=class_)


def folded(summary: Content, *body: Content, class_: str | None = None) -> Markup:
    """A part that opens on demand on screen and is always printed (see the style sheet)."""
    return element("details", element("summary", summary), *body, class_=class_)


def hidden_text(text: str) -> Markup:
    """Read aloud, not shown."""
    return element("span", text, class_="vg-lu")


def slug(text: str) -> str:
    """ASCII anchor of a heading: « L'essentiel » → « l-essentiel »."""
    ascii_text = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower().replace("'", "-")).strip("-") or "section"


def typeset_html(source: str) -> str:
    """Typography applied to the text of an HTML fragment, never to its tags, code or drawings."""
    pieces = _TEXT_OR_TAG.split(neutralise(source))
    verbatim = 0
    for index, piece in enumerate(pieces):
        if index % 2:
            if match := _VERBATIM.match(piece):
                verbatim += -1 if match.group(1) else 1
        elif not verbatim:
            pieces[index] = typeset(piece)
    return "".join(pieces)


def plain_text(source: str) -> str:
    """The text of an HTML fragment on one line, for the text/plain side of a view."""
    text = Markup(_TEXT_OR_TAG.sub(" ", source)).unescape()  # noqa: S704
    return re.sub(r"[ \t\n]+", " ", text).strip()
