"""The team's settings that policy needs, as they stand. Managers edit them with a later issue; these are the
procedure's."""

from emergencies.policy.judgement import Thresholds

THRESHOLDS = Thresholds()
