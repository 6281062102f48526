"""Generated files: whether the one that is there is the one that would be written."""

from headworks.findings import Finding

__all__ = ["out_of_date"]


def out_of_date(rule: str, file: str, found: str | None, wanted: str, hint: str) -> Finding | None:
    """What tells the text `found` (`None`: there is no such file) from `wanted`: the first line that differs."""
    if found == wanted:
        return None
    if found is None:
        return Finding(rule=rule, file=file, message=f"{file} is not there", hint=hint)
    old, new = found.split("\n"), wanted.split("\n")
    pairs = enumerate(zip(old, new, strict=False))
    same = next((number for number, (before, after) in pairs if before != after), min(len(old), len(new)))
    return Finding(
        rule=rule,
        file=file,
        line=same + 1,
        expected=new[same].strip() if same < len(new) else None,
        actual=old[same].strip() if same < len(old) else None,
        message=f"{file} is out of date: line {same + 1} is the first that differs",
        hint=hint,
    )
