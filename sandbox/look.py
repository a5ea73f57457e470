"""What a person sees who follows a link to the vendor: a plain page about one incident or ticket, nothing to press."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Cache-Control": "no-store"}
STYLE = "body{font:16px/1.5 sans-serif;max-width:48rem;margin:2rem auto} dt{color:#555} pre{white-space:pre-wrap}"


def wanted(request: Request) -> bool:
    """Is it a browser, not a client with a token?"""
    return "Authorization" not in request.headers and "text/html" in request.headers.get("Accept", "")


def page(title: str, vendor: str, facts: dict[str, object], said: list[tuple[str, str]]) -> Response:
    """The page: facts by name, then who said or did what, oldest first. Everything is escaped."""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value or '—'))}</dd>" for name, value in facts.items())
    lines = "".join(f"<h2>{escape(head)}</h2><pre>{escape(text)}</pre>" for head, text in said)
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<p>Stand-in for {escape(vendor)}</p><h1>{escape(title)}</h1><dl>{listed}</dl>{lines}</html>"
    )
    return HTMLResponse(text, headers=HEADERS)
