"""Which tables a statement names, and their full names on the engine."""

from __future__ import annotations

from sqlglot import exp

from .problems import Problem, unsupported


# the tables of this database are filled for each statement that reads them, apart from the user's
SYSTEM_DATABASE = "tadoru"
SYSTEM_CATALOG = "system_tables"


class Names:
    """Resolves the names of tables; remembers each with its place in the text, for messages."""

    def __init__(self, text: str, catalog: str, database: str | None):
        self.text = text
        self.catalog = catalog
        self.database = database
        self.tables: list[dict] = []

    def target(self, table: exp.Table) -> dict:
        """The table a statement writes to, as database and table."""
        return {"database": table.db or self.default(table), "table": table.name}

    def resolve(self, table: exp.Table) -> None:
        """Gives a table its full name."""
        if not isinstance(table.this, exp.Identifier):
            raise unsupported(
                "a function in FROM is not supported", table.this.name, "only UNNEST and tables stand there"
            )
        database = table.db or self.default(table)
        line, column = self.place(table.this)
        self.tables.append({"database": database, "table": table.name, "line": line, "column": column})
        table.set("db", exp.to_identifier(database, quoted=True))
        catalog = SYSTEM_CATALOG if database.lower() == SYSTEM_DATABASE else self.catalog
        table.set("catalog", exp.to_identifier(catalog, quoted=True))

    def default(self, table: exp.Table) -> str:
        if self.database:
            return self.database
        line, column = self.place(table.this)
        raise Problem(
            "unknownDatabase",
            f"table `{table.name}` is written without a database, and no database is set",
            line=line,
            column=column,
            hint="write `database.table` or set the database",
        )

    def place(self, node: exp.Expression) -> tuple[int | None, int | None]:
        start = node.meta.get("start")
        if start is None:
            return None, None
        before = self.text[:start]
        return before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1


def qualify(tree: exp.Expression, names: Names) -> exp.Expression:
    """Gives every table its full name, except where the name is that of a WITH query."""
    for table in list(tree.find_all(exp.Table)):
        if table.db or not is_common_table(table):
            names.resolve(table)
    return tree


def is_common_table(table: exp.Table) -> bool:
    name = table.name.lower()
    child: exp.Expression = table
    node = table.parent
    inside: exp.CTE | None = None
    while node is not None:
        if isinstance(child, exp.CTE):
            inside = child
        with_ = node.args.get("with_")
        if isinstance(with_, exp.With):
            for cte in with_.expressions:
                if cte is inside and not with_.args.get("recursive"):
                    break  # a WITH query sees the ones before it, not itself
                if cte.alias.lower() == name:
                    return True
                if cte is inside:
                    break
        child, node = node, node.parent
    return False
