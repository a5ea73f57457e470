"""Running the product: health, freshness of the vendors, sweeps of what is due."""
