SELECT '${x}' AS raw
