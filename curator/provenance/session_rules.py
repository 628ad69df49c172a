"""What a signing session allows and when it is over, apart from sockets and processes (21 CFR 11.200(a)(1)(i)).

Keeps no component in the clear, and no byte of what it signed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from curator.core.errors import CheckError, UsageError
from curator.provenance.keys import PersonKey, algorithm_of, key_id
from curator.provenance.signable import signable

#: Wrong components in a row after which the session ends.
TRIES = 3


def boot_tick() -> float:
    """Return seconds of a clock that nobody can set and that goes on while the machine sleeps (where there is one)."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Session:
    """What a session allows, apart from sockets and processes.

    Parameters
    ----------
    key
        The opened key.
    components
        What a signing may show: the passphrase, and the session code if there is one.
    idle, limit
        Seconds without a signing, and seconds in all, after which it ends.
    tick
        The clock.
    refused
        Called for each wrong component (21 CFR 11.300(d)).
    """

    def __init__(
        self,
        key: PersonKey,
        components: Sequence[bytes],
        *,
        idle: float,
        limit: float,
        tick: Callable[[], float] = boot_tick,
        refused: Callable[[], object] = lambda: None,
    ) -> None:
        self.key = key
        self.idle, self.limit = idle, limit
        self._tick, self._refused = tick, refused
        self._salt = os.urandom(16)
        self._known = [self._hidden(one) for one in components]
        self.opened = self.used = self._latest = tick()
        self.left = TRIES
        self.signed = 0

    def _hidden(self, component: bytes) -> bytes:
        # Far less work than at rest: whoever could read this memory could read the key beside it.
        return hashlib.scrypt(component, salt=self._salt, n=1 << 14, r=8, p=1, maxmem=1 << 26, dklen=32)

    def ended(self) -> str | None:
        """Say why the session is over, or return None. A clock that went back ends it too."""
        now = self._tick()
        if now < self._latest or self.left <= 0:
            return "refused"
        self._latest = now
        if now - self.opened >= self.limit:
            return "limit"
        return "idle" if now - self.used >= self.idle else None

    def authorize(self, component: bytes) -> bool:
        """Say whether a component is the person's, and count it as use if so."""
        shown = self._hidden(component)
        if not any(hmac.compare_digest(shown, one) for one in self._known):
            self.left -= 1
            self._refused()
            return False
        self.left = TRIES
        self.used = self._tick()
        return True

    def sign(self, data: bytes) -> bytes:
        """Sign bytes that a session may sign.

        Raises
        ------
        CheckError
            KEY-067 for any others.
        UsageError
            KEY-062 when the session is over.
        """
        if why := self.ended():
            raise UsageError("KEY-062", why=why)
        if not signable(data, self.key.person):
            raise CheckError("KEY-067")
        made = self.key.signer.sign(data)
        self.used = self._tick()
        self.signed += 1
        return made

    def status(self) -> dict[str, Any]:
        """Return what may be shown to anybody of this user."""
        now = self._tick()
        public = self.key.signer.public
        return {
            "person": self.key.person,
            "keyId": key_id(public),
            "algorithm": algorithm_of(public),
            "signed": self.signed,
            "idleSecondsLeft": max(0, int(self.idle - (now - self.used))),
            "secondsLeft": max(0, int(self.limit - (now - self.opened))),
        }
