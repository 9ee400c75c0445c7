"""A page as a PDF that a screen reader can follow: tagged, with its title and language, from the same HTML."""

from typing import Any

from flask import Response, render_template

from signpost.errors import RuleBroken

CANNOT_MAKE = "This server cannot make PDFs. Use your browser’s Print instead: the page is laid out for paper too."


def download(template: str, name: str, **context: Any) -> Response:
    """This template as a file to keep. The name says nothing of whom it is about. Raises RuleBroken where none can be made."""
    made = Response(draw(render_template(template, **context)), mimetype="application/pdf")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return made


def draw(html: str) -> bytes:
    """A whole page of HTML as PDF/UA-1. It may not load anything: its styles stand in it."""
    try:
        # Imported here: it takes long, most processes never need it, and it fails where the system has no Pango.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError:
        raise RuleBroken(CANNOT_MAKE) from None
    nothing = URLFetcher(allowed_protocols=())
    drawn: bytes = HTML(string=html, url_fetcher=nothing).write_pdf(pdf_variant="pdf/ua-1")
    return drawn
