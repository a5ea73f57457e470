"""Pure: entry kinds, how sightings settle into entries, and the fold that makes entries a story."""
