"""Engine, transactions and migrations. What is stored stands in `tables`; who stores it, in the rooms."""

from bot.database.engine import Database, DatabaseProblem, Work, make_engine
from bot.database.migrate import migrate

__all__ = ["Database", "DatabaseProblem", "Work", "make_engine", "migrate"]
