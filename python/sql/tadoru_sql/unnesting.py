"""Rows out of arrays and maps: what the engine's UNNEST does not do by itself."""

from __future__ import annotations

from sqlglot import exp

from .nodes import call
from .problems import unsupported


def rewrite_unnest(tree: exp.Expression) -> exp.Expression:
    """Presto's UNNEST of several arrays or of a map, and Hive's explode of a map, as lateral subqueries."""
    for node in list(tree.find_all(exp.Unnest)):
        alias = node.args.get("alias")
        columns = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        several = len(node.expressions) > 1
        is_map = len(node.expressions) == 1 and len(columns or []) == (3 if node.args.get("offset") else 2)
        if not several and not is_map:
            continue
        if node.args.get("offset") and not is_map:
            raise unsupported("WITH ORDINALITY over several arrays is not supported", "ordinality")
        if node.args.get("offset") and len(columns or []) == 2:
            continue
        arrays = node.expressions if several else halves(node.expressions[0])
        if node.args.get("offset"):
            raise unsupported("WITH ORDINALITY over a map is not supported", "ordinality")
        if columns and len(columns) != len(arrays):
            raise unsupported("UNNEST of several maps or rows is not supported", "unnest")
        node.replace(lateral(arrays, alias))
    for node in list(tree.find_all(exp.Lateral)):
        alias = node.args.get("alias")
        columns = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        if isinstance(node.this, exp.Explode) and not isinstance(node.this, exp.Posexplode):
            if columns and len(columns) == 2:
                node.replace(exp.Join(this=lateral(halves(node.this.this), alias), kind="CROSS"))
    return tree


def halves(map_: exp.Expression) -> list[exp.Expression]:
    return [call("map_keys", map_.copy()), call("map_values", map_.copy())]


def lateral(arrays: list[exp.Expression], alias: exp.Expression | None) -> exp.Lateral:
    query = exp.select(*[call("unnest", a.copy()) for a in arrays])
    return exp.Lateral(this=exp.Subquery(this=query), alias=alias.copy() if alias else None)
