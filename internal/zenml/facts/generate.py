#!/usr/bin/env python3
"""Writes facts.json: what an installed ZenML knows of its flavors, as data.

Run it with the interpreter of an environment that holds ZenML and the kubernetes package:

    python generate.py            writes facts.json beside this file
    python generate.py --check    exits 1 when facts.json is not what would be written

Only facts are taken (names, types, bounds, defaults); descriptions stay where they are. SDKs that a flavor's module
wants but that are not installed are replaced by modules that answer anything, so that a plain ZenML is enough.
"""
from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import logging
import os
import pathlib
import sys
import tempfile
import types
import typing

TARGET = pathlib.Path(__file__).with_name("facts.json")

# What ZenML and the tools it really needs bring along; anything else that is missing may be stood in for.
NEVER_STAND_IN = {"zenml", "pydantic", "pydantic_core", "kubernetes", "websocket", "sitecustomize", "usercustomize"}

# ZenML fills these in itself before it looks for missing fields, although its model says they are required.
COMPUTED = {("log_store", "datadog", "endpoint")}


class StandIn(types.ModuleType):
    """A module, class, function or value of an SDK that is not installed."""

    __path__: list = []

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        child = StandIn(f"{self.__name__}.{name}")
        setattr(self, name, child)
        return child

    def __call__(self, *args, **kwargs):
        decorated = len(args) == 1 and not kwargs and isinstance(args[0], (type, types.FunctionType))
        return args[0] if decorated else StandIn(self.__name__)

    def __mro_entries__(self, bases):
        return ()

    def __getitem__(self, key):
        return self

    def __or__(self, other):
        return self

    __ror__ = __or__

    def __iter__(self):
        return iter(())


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last, so that whatever is installed wins; answers only for packages that someone else asked for."""

    def find_spec(self, fullname, path=None, target=None):
        top = fullname.partition(".")[0]
        if top in NEVER_STAND_IN or top in sys.stdlib_module_names or top.startswith("_"):
            return None
        inside = isinstance(sys.modules.get(fullname.rpartition(".")[0]), StandIn)
        if not inside and not self._wanted_by_zenml():
            return None  # optional imports of other libraries must keep failing
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    @staticmethod
    def _wanted_by_zenml():
        frame = sys._getframe(2)
        while frame is not None:
            name = frame.f_globals.get("__name__", "")
            if not name.startswith("importlib") and frame.f_code.co_filename != __file__:
                return name.startswith("zenml.")
            frame = frame.f_back
        return False

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


def prepare():
    scratch = tempfile.mkdtemp(prefix="zenml-facts-")
    os.environ.update(ZENML_CONFIG_PATH=scratch, ZENML_ANALYTICS_OPT_IN="false", ZENML_LOGGING_VERBOSITY="ERROR")
    logging.disable(logging.CRITICAL)
    sys.meta_path.append(StandInFinder())
    import zenml.zen_stores.base_zen_store  # noqa: F401  (the order in which ZenML wants to be imported)


def shape_of(annotation):
    """Describes a type: {"type": …} and what that type needs."""
    import enum

    import pydantic

    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        shape = shape_of(args[0])
        shape.update(bounds_of(args[1:]))
        return shape
    if origin is typing.Literal:
        return {"type": "enum", "values": [str(x) for x in args]}
    if origin in (typing.Union, types.UnionType):
        rest = [a for a in args if a is not type(None)]
        shape = shape_of(rest[0]) if len(rest) == 1 else {"type": "union", "any_of": [shape_of(a) for a in rest]}
        if len(rest) < len(args):
            shape["nullable"] = True
        return shape
    base = origin or annotation
    if base in SIMPLE:
        return {"type": SIMPLE[base]}
    if base in (tuple,):
        return {"type": "tuple", "items": [shape_of(a) for a in args]}
    if isinstance(base, type) and issubclass(base, pydantic.BaseModel):
        return {"type": "object", "extra": base.model_config.get("extra") or "ignore", "fields": fields_of(base)}
    if isinstance(base, type) and issubclass(base, enum.Enum):
        return {"type": "enum", "values": [str(x.value) for x in base]}
    if isinstance(base, type) and issubclass(base, typing.Mapping):
        return {"type": "map", "element": shape_of(args[1]) if args else {"type": "any"}}
    if isinstance(base, type) and issubclass(base, typing.Sequence):
        return {"type": "list", "element": shape_of(args[0]) if args else {"type": "any"}}
    if getattr(base, "__name__", "") == "SecretStr":
        return {"type": "string"}
    raise SystemExit(f"generate.py does not know the type {annotation!r}; teach shape_of about it")


SIMPLE = {str: "string", int: "int", float: "float", bool: "bool", typing.Any: "any"}


# Fields that hold a credential although ZenML does not mark them as secret.
UNMARKED_SECRETS = {"auth_key"}


def bounds_of(metadata):
    bounds = {}
    for item in metadata:
        for key in ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern"):
            value = getattr(item, key, None)
            if value is not None:
                bounds[key] = value
        for key, value in (getattr(item, "__dict__", {}) or {}).items():
            if key == "pattern" and value is not None:  # pydantic keeps patterns in a bag of general metadata
                bounds[key] = value
            if key == "union_mode" and value == "left_to_right":  # the first member that fits, not the one that fits best
                bounds["first_fit"] = True
    return bounds


def renames_of(model):
    """The deprecated fields of a model, each with the field that replaces it (None where nothing does)."""
    renames = {}
    for decorator in model.__pydantic_decorators__.model_validators.values():
        for name, value in closure_of(decorator.func).items():
            if name == "attributes" and isinstance(value, tuple):
                for item in value:
                    old, new = (item, None) if isinstance(item, str) else item
                    renames[old] = new
    return renames


def closure_of(function, depth=4):
    found = {}
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    for name, cell in zip(code.co_freevars if code else (), getattr(function, "__closure__", None) or ()):
        value = cell.cell_contents
        found[name] = value
        if depth and (callable(value) or hasattr(value, "__func__")):
            found.update(closure_of(value, depth - 1))
    return found


def fields_of(model):
    from zenml.utils import pydantic_utils, secret_utils

    renames, out = renames_of(model), []
    for name, field in model.model_fields.items():
        row = {"name": name, **shape_of(field.annotation), **bounds_of(field.metadata)}
        if field.is_required():
            row["required"] = True
        else:
            row["default"] = plain(field.get_default(call_default_factory=True))
        if secret_utils.is_secret_field(field) or "SecretStr" in str(field.annotation) or name in UNMARKED_SECRETS:
            row["secret"] = True
        if secret_utils.is_clear_text_field(field) or pydantic_utils.has_validators(model, name):
            row["no_reference"] = True
        if name in renames or field.deprecated:
            row["deprecated"] = True
            if renames.get(name):
                row["replaced_by"] = renames[name]
        out.append(row)
    return out


def plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return getattr(value, "value", value)
    if hasattr(value, "value"):
        return plain(value.value)
    if hasattr(value, "model_dump"):
        return plain(value.model_dump(mode="json"))
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(v) for v in value]
    raise SystemExit(f"generate.py cannot write the default {value!r}")


def flavor_classes():
    from zenml.integrations.registry import integration_registry
    from zenml.stack.flavor_registry import FlavorRegistry

    seen = {}
    classes = list(FlavorRegistry().builtin_flavors)
    for integration in integration_registry.integrations.values():
        classes += integration.flavors()
    for cls in classes:
        flavor = cls()
        seen[(flavor.type.value, flavor.name)] = flavor
    return [seen[key] for key in sorted(seen)]


def facts():
    import zenml
    from zenml.enums import StackComponentType
    from zenml.service_connectors.service_connector_registry import service_connector_registry

    flavors = []
    for flavor in flavor_classes():
        row = {"type": flavor.type.value, "name": flavor.name}
        schemes = getattr(flavor.config_class, "SUPPORTED_SCHEMES", None)
        if schemes:
            row["schemes"] = sorted(schemes)
        needs = flavor.service_connector_requirements
        if needs:
            row["connector"] = {key: value for key, value in (
                ("type", needs.connector_type), ("resource_type", needs.resource_type),
                ("resource_id_from", needs.resource_id_attr)) if value}
        row["fields"] = fields_of(flavor.config_class)
        for field in row["fields"]:
            if (row["type"], row["name"], field["name"]) in COMPUTED:
                field.pop("required", None)
                field["computed"] = True
        flavors.append(row)
    connectors = {c.connector_type: [r.resource_type for r in c.resource_types]
                  for c in service_connector_registry.list_service_connector_types()}
    return {
        "zenml": zenml.__version__,
        "types": sorted(t.value for t in StackComponentType),
        "repeatable": sorted(t.value for t in StackComponentType if t.supports_multiple_per_stack),
        "connectors": dict(sorted(connectors.items())),
        "flavors": flavors,
    }


def render(data):
    """One field a line: short enough to read, stable enough to compare."""
    def line(value):
        return json.dumps(value, ensure_ascii=False)

    out = ["{"]
    for key in ("zenml", "types", "repeatable", "connectors"):
        out.append(f" {line(key)}: {line(data[key])},")
    out.append(' "flavors": [')
    for number, flavor in enumerate(data["flavors"]):
        head = {k: v for k, v in flavor.items() if k != "fields"}
        rows = ",\n".join("   " + line(f) for f in flavor["fields"])
        body = f'"fields": [\n{rows}\n  ]' if rows else '"fields": []'
        out.append(f"  {line(head)[:-1]}, {body}}}" + ("," if number + 1 < len(data["flavors"]) else ""))
    return "\n".join(out + [" ]", "}", ""])


def main():
    prepare()
    text = render(facts())
    json.loads(text)
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            sys.exit(f"{TARGET} is not what the installed ZenML says: run generate.py without --check and review the change")
        print(f"{TARGET.name} is current")
        return
    TARGET.write_text(text, encoding="utf-8")
    print(f"wrote {TARGET} ({len(text)} bytes)")


if __name__ == "__main__":
    main()
