"""Who acts on the command line, and the audit log of it.

Whoever may write to the home folder may do all. Where a key is given (``PEDGRAPH_KEY``) they act as its holder, with no
more than its role allows.
"""

from __future__ import annotations

import getpass
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.audit import Deed
    from pedgraph.settings import Settings
    from pedgraph.wiring import Actor, Who


def user() -> str:
    """The name of the user of this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


async def who_acts(settings: Settings, name: str | None) -> tuple[Actor, Who]:
    """Who acts, as the register of submissions and as the audit log knows them; ``name`` is what they call themselves.

    Raises :class:`Unauthorized` where the key does not hold.
    """
    from pedgraph.intake.access import Access
    from pedgraph.wiring import Actor

    key = settings.key.get_secret_value()
    if key:
        who = await Access(settings).who(key)
        assert who.role, who
        return Actor(who.name, who.name, who.role), who
    local = name or user()
    return Actor(f"local:{local}", local, "admin"), local_who(local)


def local_who(name: str | None = None) -> Who:
    """Whoever sits at this machine, as the audit log knows them."""
    from pedgraph.wiring import Who

    return Who("", f"{name or user()} (command line)", "admin")


@contextmanager
def recorded(settings: Settings, action: str, about: str = "", *, who: Who | None = None) -> Iterator[Deed]:
    """Writes down in the audit log what is done inside of it, and what came of it.

    Raises :class:`StoreError` and :class:`DiskFull` before anything is done.
    """
    from pedgraph.intake.audit import Audit, Deed

    audit = Audit(settings.home)
    deed = Deed(who or local_who(), action, about)
    number = audit.begin(deed)
    try:
        with deed.ending():
            yield deed
    finally:
        audit.end(number, deed)
