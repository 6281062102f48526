from sqlalchemy import BigInteger, Column, MetaData, Table

metadata = MetaData()
Table(
    "customer_notification_delivery_attempts_of_the_external_providers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
)
