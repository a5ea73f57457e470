"""Pure: hours, zones and regions."""
