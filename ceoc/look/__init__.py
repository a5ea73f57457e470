"""The look of every page: one stylesheet from layered sources, one sprite of icons, and the tags of base.html."""
