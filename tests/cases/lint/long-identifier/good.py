from sqlalchemy import BigInteger, Column, MetaData, Table

metadata = MetaData()
Table(
    "delivery_attempts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
)
