select ${wanted} * ${factor} as n
