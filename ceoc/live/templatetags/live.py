"""`{% scripts %}`: the page's script, and a hint to fetch all its modules at once instead of one after another.

What a page wants only once somebody asks for it lies in `js/later/` and is fetched then.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

ENTRY = "js/ceoc.js"
WORKER = "js/live/worker.js"
LATER = "js/later/"


@register.simple_tag
@lru_cache(maxsize=1)
def scripts() -> SafeString:
    """The script element of `static/js/ceoc.js` with its preloads; a script of one page is that page's to load."""
    folder = Path(settings.BASE_DIR) / "static"
    modules = [str(path.relative_to(folder)) for path in sorted((folder / "js").glob("*/*.js"))]
    wanted = [name for name in modules if name != WORKER and not name.startswith(LATER)]
    preloads = format_html_join("", '<link rel="modulepreload" href="{}">', ((static(name),) for name in wanted))
    return format_html('<script type="module" src="{}"></script>{}', static(ENTRY), preloads)
