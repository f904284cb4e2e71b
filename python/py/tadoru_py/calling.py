"""Finds what `module.function`, `module.Class.method` or `module.Class` names, and calls it with arguments by name."""
import importlib
import importlib.util
import inspect


def call(command, params):
    """Calls the function, or the method of a new instance, with what it asks for among the parameters."""
    module, names = find(command)
    target = attribute(module, names[0], "Module '%s'" % module.__name__)
    if not inspect.isclass(target):
        if len(names) > 1:
            raise AttributeError("'%s' of module '%s' is no class" % (names[0], module.__name__))
        return invoke(target, names[0], params)
    method = names[1] if len(names) > 1 else "run"
    attribute(target, method, "Class '%s'" % names[0])
    instance = invoke(target, names[0] + ".__init__", params)
    return invoke(getattr(instance, method), "%s.%s" % (names[0], method), params)


def find(command):
    """The module, which is the longest part that can be imported, and the one or two names behind it."""
    parts = command.split(".")
    if len(parts) < 2 or not all(parts):
        raise ValueError(
            "expected `module.function`, `module.Class.method` or `module.Class`, found `%s`" % command)
    module = importlib.import_module(parts[0])
    used = 1
    while used < len(parts) - 1 and hasattr(module, "__path__"):
        name = ".".join(parts[:used + 1])
        if importlib.util.find_spec(name) is None:
            break
        # An error inside of the module is its own, and is told as it is.
        module = importlib.import_module(name)
        used += 1
    names = parts[used:]
    if len(names) > 2:
        raise ModuleNotFoundError("No module named '%s'" % ".".join(parts[:used + 1]))
    return module, names


def attribute(owner, name, what):
    try:
        return getattr(owner, name)
    except AttributeError:
        raise AttributeError("%s has no attribute '%s'" % (what, name)) from None


def invoke(function, name, params):
    by_position, by_name = arguments(function, name, params)
    result = function(*by_position, **by_name)
    if inspect.iscoroutine(result):
        import asyncio
        result = asyncio.new_event_loop().run_until_complete(result)
    return result


def arguments(function, name, params):
    """The arguments that a function declares, by position where it must be, else by name."""
    try:
        declared = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return [], {}  # a builtin that does not tell
    by_position, by_name = [], {}
    for parameter in declared:
        if parameter.kind == parameter.VAR_POSITIONAL:
            continue
        if parameter.kind == parameter.VAR_KEYWORD:
            taken = {one.name for one in declared if one.kind == one.POSITIONAL_ONLY}
            by_name.update((key, value) for key, value in params.items()
                           if key not in by_name and key not in taken)
        elif parameter.name in params:
            if parameter.kind == parameter.POSITIONAL_ONLY:
                by_position.append(params[parameter.name])
            else:
                by_name[parameter.name] = params[parameter.name]
        elif parameter.default is parameter.empty:
            raise TypeError("Method '%s' requires parameter '%s' but not set" % (name, parameter.name))
        elif parameter.kind == parameter.POSITIONAL_ONLY:
            by_position.append(parameter.default)
    return by_position, by_name
