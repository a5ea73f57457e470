"""The one door to write (`record`), the projection that lists read, and the tick."""
