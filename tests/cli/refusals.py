"""What every refusal must be."""

from helpers import Ran

__all__ = ["SECRET", "WRITTEN", "refused"]

SECRET = "s3cret!"
WRITTEN = "s3cret%21"


def refused(ran: Ran, code: int, said: str, hint: str = "") -> str:
    """Assert that this is a refusal as it should be; its hint."""
    error, _, rest = ran.err.partition("\n")
    while not error.startswith("error: ") and rest:  # progress may come before it
        error, _, rest = rest.partition("\n")
    advice = rest.removeprefix("hint: ").removesuffix("\n")
    assert (ran.code, ran.out) == (code, ""), ran
    assert said in error, ran.err
    assert rest.startswith("hint: "), ran.err
    assert hint in advice
    assert rest.count("\n") == 1, "one line each"
    assert "Traceback" not in ran.err
    assert SECRET not in ran.err
    assert WRITTEN not in ran.err
    return advice
