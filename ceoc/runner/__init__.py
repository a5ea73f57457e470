"""One command runs the whole system on one machine: `python -m ceoc.runner`.

It starts a PostgreSQL and a Redis of its own (where DATABASE_URL and REDIS_URL name none), migrates, starts the
processes, restarts what dies, prints one merged log, and ends all of it on Ctrl-C. Nothing of the product imports it.
"""
