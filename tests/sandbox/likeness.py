"""Checks HTTP exchanges against the vendors' published schemas, where those are beside the checkout."""

import json
import os
from pathlib import Path
from typing import Any

import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from tests.sandbox import likeness_exceptions as exceptions

FOLDER = Path(os.environ.get("CEOC_VENDOR_SPECS") or Path(__file__).resolve().parents[3] / "shared" / "vendor-specs")
FILES = {
    "pagerduty": "pagerduty-rest.openapi.json",
    "zendesk": "zendesk.openapi.json",
    "zendesk-webhooks": "zendesk-webhooks.openapi.json",
}
WHY_NOT = f"the vendors' published schemas are not in {FOLDER} (CEOC_VENDOR_SPECS names another folder)"


def found() -> bool:
    """Are the schemas here?"""
    return all((FOLDER / name).exists() for name in FILES.values())


class Published:
    """One vendor's published schema, loosened only by the listed exceptions."""

    def __init__(self, vendor: str, base: str) -> None:
        """`base` is the address that stands in for the vendor's."""
        self.vendor = vendor
        spec = json.loads((FOLDER / FILES[vendor]).read_text())
        spec["servers"] = [{"url": base}]
        for exception in exceptions.ALL:
            if exception.vendor == vendor:
                exception.loosen(spec)
        self._api = OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))

    def faults(self, answer: requests.Response) -> list[str]:
        """What request and answer have that the schema does not allow; empty when they are alike."""
        request = answer.request
        if self.vendor.startswith("zendesk"):
            request = request.copy()
            request.url = str(request.url).replace(".json", "", 1)
        asked = RequestsOpenAPIRequest(request)
        wrong = []
        if answer.status_code < 400:  # what is refused is perhaps wrong on purpose
            wrong += _errors("request", lambda: self._api.validate_request(asked))
        if answer.status_code >= 400 and self.vendor.startswith("zendesk"):
            return [*wrong, *exceptions.zendesk_error_faults(answer)]
        return wrong + _errors("answer", lambda: self._api.validate_response(asked, RequestsOpenAPIResponse(answer)))


def _errors(side: str, check: Any) -> list[str]:
    """The validator's complaints, one a line."""
    try:
        check()
    except OpenAPIError as problem:
        inner = getattr(problem.__cause__, "schema_errors", None)
        if not inner:
            return [f"{side}: {type(problem).__name__}: {problem}"]
        return [
            f"{side}: {'/'.join(str(step) for step in error.absolute_path)}: {error.message[:300]}" for error in inner
        ]
    return []
