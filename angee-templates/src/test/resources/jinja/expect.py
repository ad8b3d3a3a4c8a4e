#!/usr/bin/env python3
"""Renders every snippet with Jinja2 itself and writes what came of it beside it.

    python3 -m venv v && v/bin/pip install jinja2==3.1.6 jinja2-ansible-filters==1.3.2
    v/bin/python angee-templates/src/test/resources/jinja/expect.py

snippets.txt holds blocks between lines of '===='; the first line of a block is a title, the rest the template. Django's colons
are translated for Jinja2, which does not know them. The result is expected.json: for each title the template, and either the
text, or the kind of error.
"""

import json
import pathlib
import re

from jinja2.sandbox import SandboxedEnvironment
from jinja2 import DictLoader

HERE = pathlib.Path(__file__).parent
INPUTS = json.loads((HERE / "inputs.json").read_text())
INCLUDES = json.loads((HERE / "includes.json").read_text())


def split(value, separator=None, maxsplit=-1):
    return value.split(separator, maxsplit)


def add(value, other):
    try:
        return int(value) + int(other)
    except (ValueError, TypeError):
        return value + other


environment = SandboxedEnvironment(
    keep_trailing_newline=True,
    loader=DictLoader(INCLUDES),
    extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
)
environment.filters["split"] = split
environment.filters["add"] = add
environment.filters["dirname"] = __import__("posixpath").dirname
environment.filters["basename"] = __import__("posixpath").basename


def translated(text):
    return re.sub(r"\|\s*(add|split)\s*:\s*(\"[^\"]*\"|'[^']*'|[\w.]+)", r"|\1(\2)", text)


results = []
for block in (HERE / "snippets.txt").read_text().split("\n====\n"):
    title, _, template = block.partition("\n")
    if not title.strip():
        continue
    template = template.replace("\\r", "\r") if title.startswith("CR ") else template
    row = {"title": title, "template": template}
    try:
        row["text"] = environment.from_string(translated(template)).render(INPUTS)
    except Exception as e:  # which error it is differs; that there is one does not
        row["error"] = type(e).__name__
    results.append(row)

titles = [row["title"] for row in results]
assert len(set(titles)) == len(titles), [t for t in titles if titles.count(t) > 1]
(HERE / "expected.json").write_text(json.dumps(results, indent=1, ensure_ascii=True) + "\n")
print(len(results), "snippets,", sum("error" in row for row in results), "of them errors")
