"""What people do at the vendors, by name: the same acts for scenarios, tests and the control address."""
