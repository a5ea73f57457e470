"""The scenarios, by name: one file each."""

from sandbox.scenarios import single_page
from sandbox.scenarios.base import Scenario

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (single_page.SCENARIO,)}
