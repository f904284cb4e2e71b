"""One request in, its statements as DuckDB runs them out."""

from __future__ import annotations

import logging
import typing as t

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError, UnsupportedError

from . import hive, presto
from .names import Names, qualify
from .problems import Problem, unsupported
from .unnesting import rewrite_unnest

logging.getLogger("sqlglot").setLevel(logging.ERROR)
VERSION = f"2/{sqlglot.__version__}"
CATALOG = "warehouse"
DIALECTS = {
    "presto": (presto.PrestoDialect, presto.rewrite, "_col"),
    "hive": (hive.HiveDialect, hive.rewrite, "_c"),
}
# what reads files, settings or other things a query has no business with
FORBIDDEN_STARTS = ("read_", "parquet_", "sniff_", "duckdb_", "pragma_", "__internal_")
FORBIDDEN = {"getenv", "glob", "query", "query_table", "current_setting", "nextval", "currval", "getvariable"}


def answer(request: dict) -> dict:
    """`{"statements": […]}` or `{"error": {…}}` for `{"sql", "dialect", "database"}`."""
    try:
        return {"statements": translate(request["sql"], request["dialect"], request.get("database"))}
    except Problem as problem:
        return {"error": problem.to_json()}
    except ParseError as error:
        return {"error": syntax_problem(error).to_json()}
    except TokenError as error:
        message = str(error).split("\n")[0]
        return {"error": Problem("syntax", f"the text cannot be read: {message}").to_json()}
    except (UnsupportedError, ValueError) as error:
        return {"error": unsupported(f"not supported: {error}").to_json()}
    except RecursionError:
        return {"error": unsupported("the statement is nested too deeply").to_json()}
    except Exception as error:  # one odd statement must not end the helper
        return {"error": unsupported(f"the statement cannot be translated: {error!r}").to_json()}


def syntax_problem(error: ParseError) -> Problem:
    first = error.errors[0] if error.errors else {}
    found = first.get("highlight") or ""
    line, column = first.get("line"), first.get("col")
    message = first.get("description") or "syntax error"
    if "<Token" in message:
        message = message.split(" but got <Token")[0]
    if column:
        column = max(1, column - len(found) + 1)
    text = f"{message[:1].lower()}{message[1:]}" + (f", found `{found}`" if found else "")
    return Problem("syntax", text, line=line, column=column)


def translate(sql: str, dialect: str, database: str | None) -> list[dict]:
    reader, rewrite, unnamed = DIALECTS[dialect]
    parsed = sqlglot.parse(sql, read=reader, error_level=ErrorLevel.IMMEDIATE)
    statements = [s for s in parsed if s is not None and not isinstance(s, exp.Semicolon)]
    if not statements:
        raise Problem("syntax", "the text holds no statement")
    return [Statement(sql, s, rewrite, unnamed, database).describe() for s in statements]


class Statement:
    """One statement on its way to the engine."""

    def __init__(self, text: str, tree: exp.Expression, rewrite, unnamed: str, database: str | None):
        self.tree = tree
        self.rewrite = rewrite
        self.unnamed = unnamed
        self.names = Names(text, CATALOG, database)

    def describe(self) -> dict:
        tree = self.tree
        if isinstance(tree, exp.Query):
            return self.result("query", self.query(tree))
        if isinstance(tree, exp.Insert):
            return self.insert(tree)
        if isinstance(tree, exp.Create):
            return self.create(tree)
        if isinstance(tree, exp.Drop):
            return self.drop(tree)
        if isinstance(tree, exp.Delete):
            target = self.names.target(tree.this)
            tree = qualify(tree, self.names)
            return self.result("delete", self.generate(tree), table=target)
        kind = tree.this if isinstance(tree, exp.Command) else tree.key
        raise unsupported(
            f"`{str(kind).upper()}` statements are not supported",
            str(kind),
            "SELECT, INSERT, CREATE TABLE … AS, DELETE and DROP TABLE are",
        )

    def insert(self, tree: exp.Insert) -> dict:
        target = tree.this
        columns = None
        if tree.args.get("partition"):
            raise unsupported("PARTITION of an INSERT is not supported", "partition")
        if isinstance(target, exp.Schema):
            columns = [c.name for c in target.expressions]
            target = target.this
        if not isinstance(target, exp.Table):
            raise unsupported("an INSERT here needs a table as its target", "insert")
        query = tree.expression
        with_ = tree.args.get("with_")
        if with_ is not None:
            query.set("with_", with_.pop())
        return self.result(
            "insert",
            self.query(query),
            table=self.names.target(target),
            columns=columns,
            overwrite=bool(tree.args.get("overwrite")),
        )

    def create(self, tree: exp.Create) -> dict:
        kind = (tree.args.get("kind") or "").upper()
        if kind in ("SCHEMA", "DATABASE"):
            return {"kind": "createDatabase", "database": tree.this.db or tree.this.name, "sql": ""}
        if kind != "TABLE":
            raise unsupported(f"CREATE {kind} is not supported", kind, "only tables and databases can be made")
        target = tree.this
        extra = {
            "replace": bool(tree.args.get("replace")),
            "ifNotExists": bool(tree.args.get("exists")),
        }
        if tree.expression is not None:
            table = self.names.target(target.this if isinstance(target, exp.Schema) else target)
            return self.result("createTable", self.query(tree.expression), table=table, **extra)
        if not isinstance(target, exp.Schema):
            raise Problem("syntax", "CREATE TABLE needs columns or a query", word="table")
        definitions = [d for d in target.expressions if isinstance(d, exp.ColumnDef)]
        fields = [f'CAST(NULL AS {d.kind.sql("duckdb")}) AS {exp.to_identifier(d.name, quoted=True).sql("duckdb")}' for d in definitions]
        return self.result(
            "createTable", f"SELECT {', '.join(fields)} LIMIT 0", table=self.names.target(target.this), **extra
        )

    def drop(self, tree: exp.Drop) -> dict:
        kind = (tree.args.get("kind") or "").upper()
        exists = bool(tree.args.get("exists"))
        named = tree.args.get("tables") or [tree.this]
        if kind in ("SCHEMA", "DATABASE"):
            return {"kind": "dropDatabase", "database": named[0].db or named[0].name, "ifExists": exists, "sql": ""}
        if kind != "TABLE" or len(named) != 1:
            raise unsupported(f"DROP {kind} is not supported", kind, "only one table or database at a time")
        return self.result("dropTable", "", table=self.names.target(named[0]), ifExists=exists)

    def query(self, tree: exp.Expression) -> str:
        if isinstance(tree, exp.Values):
            tree = exp.select("*").from_(exp.alias_(tree, "t", table=True))
        if not isinstance(tree, exp.Query):
            raise unsupported("this needs a query", tree.key)
        if tree.find(exp.Insert):
            raise unsupported("INSERT inside a query is not supported", "insert")
        name_columns(tree, self.unnamed)
        return self.generate(qualify(tree, self.names))

    def generate(self, tree: exp.Expression) -> str:
        check_functions(tree)
        tree = rewrite_unnest(tree)
        for node in reversed(list(tree.walk())):
            replacement = self.rewrite(node)
            if replacement is not node:
                node.replace(replacement)
        return tree.sql("duckdb", identify=True, comments=False, unsupported_level=ErrorLevel.RAISE)

    def result(self, kind: str, sql: str, **fields: t.Any) -> dict:
        return {"kind": kind, "sql": sql, "tables": self.names.tables, **fields}


def name_columns(tree: exp.Query, prefix: str) -> None:
    """Gives the outermost unnamed columns the names they have on their own engine."""
    for position, column in enumerate(tree.selects):
        if isinstance(column, (exp.Alias, exp.Column, exp.Star, exp.Aliases)) or column.is_star:
            if isinstance(column, exp.Alias) and prefix == "_c":
                column.args["alias"].set("this", column.alias.lower())
            continue
        column.replace(exp.alias_(column.copy(), f"{prefix}{position}"))


def reads_files(name: str) -> bool:
    """True for the engine's functions that give rows of files, or of the engine's own state."""
    name = name.lower()
    return name in FORBIDDEN or name.startswith(FORBIDDEN_STARTS) or name.endswith("_scan")


def check_functions(tree: exp.Expression) -> None:
    for lateral in tree.find_all(exp.Lateral):
        if not lateral.args.get("view") and not isinstance(lateral.this, (exp.Subquery, exp.Unnest, exp.Explode)):
            raise unsupported("a function in FROM is not supported", "lateral", "only UNNEST and tables stand there")
    for node in tree.find_all(exp.ReadCSV, exp.ReadParquet):
        raise Problem("unknownFunction", f"there is no function `{node.sql_name().lower()}`")
    for group in tree.find_all(exp.Group):
        if any(not r.expressions for r in group.args.get("rollup") or []) or any(
            not c.expressions for c in group.args.get("cube") or []
        ):
            raise unsupported("WITH ROLLUP and WITH CUBE are not supported", "with", "use GROUPING SETS")
    for node in tree.find_all(exp.Anonymous):
        if reads_files(node.name) and not (node.expressions and node.expressions[0].name == "td_scheduled_time"):
            raise Problem("unknownFunction", f"there is no function `{node.name}`", word=node.name)
    for node in tree.find_all(exp.QueryTransform):
        raise unsupported(f"TRANSFORM is not supported: {hive.NO_STREAM}", "transform")
