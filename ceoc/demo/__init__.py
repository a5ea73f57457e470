"""What lets a newcomer try the product on one machine: personas, scenarios, a shared clock that can run faster."""
