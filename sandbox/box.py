"""The sandbox as a whole: configuration, store, clock, webhooks, and the three vendors that stand on them."""

from dataclasses import dataclass

from sandbox.clock import DemoClock
from sandbox.config import Config
from sandbox.hooks import Hooks
from sandbox.store import Store


@dataclass
class Box:
    """What every vendor and every act needs."""

    config: Config
    store: Store
    clock: DemoClock
    hooks: Hooks

    @classmethod
    def open(cls, config: Config) -> "Box":
        """Open the state under the configuration's folder."""
        store = Store(config.folder / "state.sqlite3")
        return cls(config, store, DemoClock(store, config.now_offset), Hooks(store, config))
