"""The scenarios, by name: one file each."""

from sandbox.scenarios import apac_weekend, burst, quiet_day, single_page, two_at_once, us_gov_off_hours
from sandbox.scenarios.base import Scenario

SCENARIOS: dict[str, Scenario] = {
    module.SCENARIO.name: module.SCENARIO
    for module in (quiet_day, single_page, two_at_once, apac_weekend, us_gov_off_hours, burst)
}
