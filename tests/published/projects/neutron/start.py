"""What neutron's own command line does before it calls Alembic."""

from alembic.config import Config
from neutron.db.migration import cli


def configure(config: Config) -> None:
    cli.CONF.set_override("connection", config.get_main_option("sqlalchemy.url"), group="database")
    config.neutron_config = cli.CONF
