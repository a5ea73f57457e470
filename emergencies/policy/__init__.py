"""Pure: every rule of the procedure. Values in, values out; no Django, no vendor, no clock."""
