"""Short ways to build pieces of a syntax tree."""

from __future__ import annotations

import typing as t

from sqlglot import exp

from .problems import Problem, unsupported

Arguments = t.List[exp.Expression]


def call(name: str, *arguments: exp.Expression | str | int | None) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=[literal(a) for a in arguments])


def literal(value: exp.Expression | str | int | None) -> exp.Expression:
    if isinstance(value, exp.Expression):
        return value
    return exp.convert(value)


def renamed(name: str) -> t.Callable[[Arguments], exp.Expression]:
    """A builder that keeps the arguments and changes the name only."""
    return lambda arguments: exp.Anonymous(this=name, expressions=arguments)


def counted(name: str, least: int, most: int, target: str) -> t.Callable[[Arguments], exp.Expression]:
    """Like `renamed`, refusing another number of arguments."""

    def build(arguments: Arguments) -> exp.Expression:
        check_count(name, arguments, least, most)
        return exp.Anonymous(this=target, expressions=arguments)

    return build


def check_count(name: str, arguments: Arguments, least: int, most: int) -> None:
    if least <= len(arguments) <= most:
        return
    wanted = str(least) if least == most else f"{least} to {most}"
    raise Problem(
        "typeMismatch", f"`{name}` takes {wanted} arguments, found {len(arguments)}", word=name
    )


def refused(name: str, reason: str, hint: str | None = None) -> t.Callable[[Arguments], exp.Expression]:
    def build(arguments: Arguments) -> exp.Expression:
        raise unsupported(f"`{name}` is not supported: {reason}", name, hint)

    return build


def text_of(node: exp.Expression | None, function: str, what: str) -> str:
    """The text of a literal; an error where it is something computed."""
    if isinstance(node, exp.Literal) and node.is_string:
        return node.this
    raise unsupported(f"the {what} of `{function}` must be a literal text", function)


def is_text(node: exp.Expression | None) -> bool:
    return isinstance(node, exp.Literal) and node.is_string


def is_null(node: exp.Expression | None) -> bool:
    return node is None or isinstance(node, exp.Null)


def cast(node: exp.Expression, type_name: str) -> exp.Expression:
    """A cast with the target engine's own meaning, which the dialects' rules leave alone."""
    node = exp.Cast(this=node, to=exp.DataType.build(type_name, dialect="duckdb"))
    node.meta["exact"] = True
    return node


def null_if_any_null(name: str) -> t.Callable[[Arguments], exp.Expression]:
    """GREATEST and LEAST as both dialects mean them: null as soon as one argument is."""

    def build(arguments: Arguments) -> exp.Expression:
        check_count(name, arguments, 1, 1000)
        missing = exp.or_(*[exp.Is(this=a.copy(), expression=exp.Null()) for a in arguments])
        return exp.Case(ifs=[exp.If(this=missing, true=exp.Null())], default=call(name, *arguments))

    return build
