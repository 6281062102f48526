"""`headworks sizes`"""

from headworks.cli import options
from headworks.cli.reporting import write
from headworks.cli.session import Session

app = options.command_app()


@app.command()
def sizes(
    output: options.Output = None,
    url: options.Url = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> int:
    """Rows and bytes of the live tables, for `headworks gate --sizes`. Nothing is written to the database.

    Rows are the server's estimates; small tables that were never analysed are counted. No project is needed.
    """
    from headworks.gate.locks.sizes import read_sizes

    write(read_sizes(Session(config, url).url).encode(), output)
    return 0
