"""The invented world the sandbox starts with: people, schedules, customers, macros, forms. All data, no behaviour."""
