"""`python -m sandbox`: serve until SIGINT or SIGTERM."""

import asyncio
import sys

from sandbox import config, serve


def main() -> int:
    """Run; answers the exit code. A wrong setting or a taken port is said in one sentence."""
    try:
        asyncio.run(serve.run(config.read()))
    except (config.ConfigError, serve.PortTaken) as problem:
        sys.stderr.write(f"sandbox: {problem}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
