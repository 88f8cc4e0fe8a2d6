"""Every JSON document that the scripts ask for is what docs/heapy-command.schema.json says."""

import json

import jsonschema
import pytest

from cli_support import folder  # noqa: F401: a fixture
from cli_support import ROOT, run_shell
from test_scripts import SCRIPTS, cases

SCHEMA = json.loads((ROOT / "docs/heapy-command.schema.json").read_text(encoding="utf-8"))


def validator_of(command):
    return jsonschema.Draft202012Validator({"$ref": "#/$defs/heapy-" + command, "$defs": SCHEMA["$defs"]})


def documents():
    for path in SCRIPTS:
        for _, command, expected in cases(path):
            if "--json" in command.split() and command.startswith("heapy ") and expected.startswith('{"format"'):
                yield pytest.param(command, id=command)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert {"heapy-top", "heapy-info", "heapy-node"} <= {name for name in SCHEMA["$defs"]}


@pytest.mark.parametrize("command", documents())
def test_document(command, folder):
    result = run_shell(command, folder)
    assert result.stdout.endswith(b"\n") and result.stdout.count(b"\n") == 1
    document = json.loads(result.stdout.decode("utf-8"))
    name = command.split()[1]
    assert document["format"] == "heapy-%s/1" % name
    validator_of(name).validate(document)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_every_command_that_answers_has_a_document():
    asked = {parameter.values[0].split()[1] for parameter in documents()}
    described = {name.removeprefix("heapy-") for name in SCHEMA["$defs"] if name.startswith("heapy-")}
    assert asked == described


def without(document, key):
    return {name: value for name, value in document.items() if name != key}


def test_a_document_that_lacks_something_is_none(folder):
    document = json.loads(run_shell("heapy top --json values.heapy", folder).stdout)
    validator = validator_of("top")
    assert validator.is_valid(document)
    for key in ("format", "snapshots", "by", "count", "size", "rows"):
        assert not validator.is_valid(without(document, key)), key
    document["rows"][0]["size"] = "56"
    assert not validator.is_valid(document)
