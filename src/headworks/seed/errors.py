"""What can be wrong with a seed file, and what the server can say when rows are written."""

from headworks.errors import ExitCode, HeadworksError, UsageError

__all__ = [
    "AmbiguousReferenceError",
    "ColumnMissingError",
    "CsvSyntaxError",
    "DuplicateFieldError",
    "DuplicateKeyError",
    "DuplicateTableError",
    "GeneratedColumnError",
    "HeadMissingError",
    "KeyNotUniqueError",
    "MissingColumnError",
    "MissingKeyError",
    "MissingSettingError",
    "NotInEnumError",
    "NullValueError",
    "ReferenceByIdError",
    "ReferenceShapeError",
    "RowCycleError",
    "RowReferencedError",
    "RowViolationError",
    "SeedFailedError",
    "SeedFileError",
    "SeedFilesError",
    "SeedLockedError",
    "SeedServerError",
    "SeedSyntaxError",
    "SetEmptyError",
    "SetMissingError",
    "TableForbiddenError",
    "TableMissingError",
    "TooLongError",
    "UnknownColumnError",
    "UnknownModeError",
    "UnknownReferenceError",
    "UnknownSettingError",
    "UnknownTableError",
    "WrongTypeError",
]


class SeedFilesError(UsageError):
    """{first}{rest}"""

    hint = "{advice_of_first}"

    def __init__(self, errors: "tuple[UsageError, ...]") -> None:
        rest = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(errors=errors, first=str(errors[0]), rest=rest, advice_of_first=errors[0].advice)

    @property
    def errors(self) -> "tuple[UsageError, ...]":
        """Every mistake, in the order of the files and of the lines in them. At least one."""
        found: tuple[UsageError, ...] = self.fields["errors"]
        return found


class SetMissingError(UsageError):
    """there is no seed set at {folder}"""

    hint = "a set is a folder of seed files, such as seeds/reference"


class SetEmptyError(UsageError):
    """the seed set {folder} has no seed file in it"""

    hint = "a seed file is a .yaml file that names its table, key and rows"


class SeedFileError(UsageError):
    """{file}:{line}:{column}: {message}"""


class SeedSyntaxError(SeedFileError):
    """{file}:{line}:{column}: {problem}"""

    hint = "a seed file is one YAML mapping in UTF-8; its rows are a list of mappings, or the name of a CSV file"


class CsvSyntaxError(SeedSyntaxError):
    """{file}:{line}:{column}: {problem}"""

    hint = "the first line names the fields; a cell with a comma, a quote or a line break is quoted, its quotes doubled"


class ReferenceShapeError(SeedSyntaxError):
    """{file}:{line}:{column}: {problem}"""

    hint = "a key of several parts is a list, [a, b], or a mapping with all of its names; in CSV it has to be one value"


class UnknownSettingError(SeedFileError):
    """{file}:{line}:{column}: unknown setting {setting!r}"""

    hint = "a seed file has: {known}"


class MissingSettingError(SeedFileError):
    """{file}:{line}:{column}: the setting {setting!r} is missing"""

    hint = "a seed file names at least its table, its key and its rows"


class UnknownModeError(SeedFileError):
    """{file}:{line}:{column}: unknown mode {mode!r}"""

    hint = "mode is one of: insert, upsert, sync"


class HeadMissingError(SeedFileError):
    """{file}:{line}:{column}: no seed file names this CSV file"""

    hint = "put a {stem}.yaml beside it with `table: {stem}`, `key: [...]` and `rows: {name}`"


class UnknownTableError(SeedFileError):
    """{file}:{line}:{column}: the models have no table {table!r}"""

    hint = "{suggestion}"


class DuplicateTableError(SeedFileError):
    """{file}:{line}:{column}: table {table} has a seed file already: {other}"""

    hint = "one table, one file: put the rows together"


class KeyNotUniqueError(SeedFileError):
    """{file}:{line}:{column}: ({key}) is no unique or primary key of table {table}"""

    hint = "unique in the models: {unique}"


class UnknownColumnError(SeedFileError):
    """{file}:{line}:{column}: table {table} has no column, and no reference, {field!r}"""

    hint = "{suggestion}"


class DuplicateFieldError(SeedFileError):
    """{file}:{line}:{column}: {field!r} is given twice"""

    hint = "remove one of the two; a reference fills its own column"


class GeneratedColumnError(SeedFileError):
    """{file}:{line}:{column}: {field!r} of table {table} is made by the database"""

    hint = "leave it out"


class MissingKeyError(SeedFileError):
    """{file}:{line}:{column}: the row has no value for {field!r}, which is part of the key of table {table}"""

    hint = "every row gives every part of the key, and none of them is null"


class DuplicateKeyError(SeedFileError):
    """{file}:{line}:{column}: the key {key} is that of the row at line {first} already"""

    hint = "one row, one key: remove one of the two, or make them differ"


class MissingColumnError(SeedFileError):
    """{file}:{line}:{column}: the row has no value for {field!r}, which table {table} needs"""

    hint = "give it one in the row or under `defaults`; the database knows no default of the models"


class NullValueError(SeedFileError):
    """{file}:{line}:{column}: {field!r} of table {table} cannot be null"""

    hint = 'give it a value; the empty text is written ""'


class WrongTypeError(SeedFileError):
    """{file}:{line}:{column}: {value} is no {expected}, which {field!r} of table {table} wants"""

    hint = "{advice_on_type}"


class TooLongError(SeedFileError):
    """{file}:{line}:{column}: {value} has {length} characters; {field!r} of table {table} takes {limit}"""

    hint = "shorten it, or widen the column by a migration"


class NotInEnumError(SeedFileError):
    """{file}:{line}:{column}: {value} is no label of the enum of {field!r} of table {table}"""

    hint = "one of: {labels}"


class ReferenceByIdError(SeedFileError):
    """{file}:{line}:{column}: {field!r} of table {table} holds an id of table {target}"""

    hint = "references go by natural key: write `{name}:` and the key of a row of {target}"


class AmbiguousReferenceError(SeedFileError):
    """{file}:{line}:{column}: {problem}"""

    hint = "say it in the head: `references: {{{name}: table.key}}`"


class UnknownReferenceError(SeedFileError):
    """{file}:{line}:{column}: {field!r} names {value}, and table {target} has no such row"""

    hint = "{suggestion}"


class RowCycleError(SeedFileError):
    """{file}:{line}:{column}: the rows cannot be ordered: {problem}"""

    hint = "one foreign key of a circle has to be nullable, so that a row can be written before the row it names"


class SeedServerError(HeadworksError):
    """{file}:{line}: table {table}: {problem}"""

    exit_code = ExitCode.FAILED


class TableMissingError(SeedServerError):
    """{file}:{line}: the database has no table {table}"""

    hint = "apply the migrations first: headworks upgrade"


class ColumnMissingError(SeedServerError):
    """{file}:{line}: table {table} of the database lacks {missing}"""

    hint = "apply the migrations first: headworks upgrade"


class TableForbiddenError(SeedServerError):
    """{file}:{line}: table {table}: {problem}"""

    hint = "seed with the role that owns the table, or grant it SELECT, INSERT, UPDATE and, for --prune, DELETE"


class RowViolationError(SeedServerError):
    """{file}:{line}: table {table}: the row breaks {constraint}: {problem}"""

    hint = "mend the row in the file; nothing was written"


class RowReferencedError(SeedServerError):
    """{file}:{line}: table {table}: the row {key} left the file, and {count} of {referencing} refer to it"""

    hint = "mend or remove those rows first, or put the row back; nothing was written"


class SeedLockedError(SeedServerError):
    """the lock on {what} was not to be had within {seconds:g} s{holder}"""

    hint = "another seeder or a long transaction is at work: wait for it, or raise the lock timeout"


class SeedFailedError(SeedServerError):
    """{file}:{line}: table {table}: {problem}"""

    hint = "nothing was written"
