"""People, roles, capabilities, US Gov clearance, sign-in, and the one door through which classed rows are seen."""
