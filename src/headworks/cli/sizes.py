"""`headworks sizes`"""

from pathlib import Path

from headworks.cli import options
from headworks.cli.reporting import write
from headworks.cli.session import Session


@options.command()
@options.output
@options.url
@options.config
@options.quiet
@options.debug
def sizes(output: Path | None, url: str | None, config: Path | None) -> int:
    """Rows and bytes of the live tables, for `headworks gate --sizes`. Nothing is written to the database.

    Rows are the server's estimates; small tables that were never analysed are counted. No project is needed.
    """
    from headworks.gate.locks.sizes import read_sizes

    write(read_sizes(Session(config, url).url).encode(), output)
    return 0
