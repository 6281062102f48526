"""Table-level lock modes: their order, and what of an application each one blocks.

Source: https://www.postgresql.org/docs/current/explicit-locking.html, "Conflicting Lock Modes".
"""

from collections.abc import Iterable

__all__ = ["MODES", "SHARE", "SHARE_UPDATE_EXCLUSIVE", "blocks", "rank", "strongest", "words"]

MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
"""As `pg_locks` names them, the weakest first."""

_RANKS = {mode: number for number, mode in enumerate(MODES)}
_WORDS = {mode: mode.removesuffix("Lock") for mode in MODES}
SHARE_UPDATE_EXCLUSIVE = _RANKS["ShareUpdateExclusiveLock"]
SHARE = _RANKS["ShareLock"]
"""The weakest lock that blocks writes."""


def rank(mode: str | None) -> int:
    """Its place in `MODES`; -1 for no lock."""
    return _RANKS[mode] if mode is not None else -1


def strongest(modes: Iterable[str]) -> str | None:
    """The one that blocks most; modes that are no table-level locks (`SIReadLock`) do not count."""
    return max((mode for mode in modes if mode in _RANKS), key=_RANKS.__getitem__, default=None)


def blocks(mode: str | None) -> tuple[str, ...]:
    """Which of SELECT, INSERT and UPDATE waits for a lock of this mode (DELETE waits as UPDATE does)."""
    if rank(mode) < SHARE:
        return ()
    return ("SELECT", "INSERT", "UPDATE") if mode == "AccessExclusiveLock" else ("INSERT", "UPDATE")


def words(mode: str) -> str:
    """`ACCESS EXCLUSIVE`, as SQL and its documentation have it."""
    name = _WORDS[mode]
    return "".join(f" {letter}" if letter.isupper() else letter for letter in name).strip().upper()
