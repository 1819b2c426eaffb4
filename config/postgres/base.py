"""Tell a lost connection from a mistake: pages answer the first with a sentence."""

from types import TracebackType
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper, OperationalError
from django.utils.functional import cached_property


class _ErrorWrapper(DatabaseErrorWrapper):
    """Call a server that is cut off in mid-statement an `OperationalError`, as when it does not answer at all.

    psycopg2 has only its bare `DatabaseError` for that, which would pass for a mistake of ours.
    """

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        wrapper: Any = self.wrapper  # type: ignore[attr-defined]  # Django's own, which its stubs leave out.
        if kind is wrapper.Database.DatabaseError and error is not None:
            wrapper.errors_occurred = True
            raise OperationalError(*error.args).with_traceback(traceback) from error
        super().__exit__(kind, error, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    """The same database with the wrapper above."""

    @cached_property
    def wrap_database_errors(self) -> _ErrorWrapper:
        return _ErrorWrapper(self)
