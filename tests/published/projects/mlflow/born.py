"""What mlflow makes before the first revision: the tables of its first models, which no revision creates."""

from mlflow.store.tracking.dbmodels.initial_models import Base
from sqlalchemy import Connection


def tables(connection: Connection) -> None:
    Base.metadata.create_all(connection)
