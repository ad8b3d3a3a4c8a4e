#!/usr/bin/env python3
"""Renders every template of templates.yaml with Copier itself and writes the trees to expected.json.

    python3 -m venv v && v/bin/pip install copier==9.19.1
    v/bin/python angee-templates/src/test/resources/copier/expect.py

Of a template there are: files (path: text), base64 (path: bytes), links (path: target), executable (paths), and what is answered.
Of a tree: each file's bytes as text or base64, whether it is executable, and links.
"""

import base64
import json
import os
import pathlib
import shutil
import tempfile

import copier
import yaml

HERE = pathlib.Path(__file__).parent


def write(root, template):
    for path, text in template.get("files", {}).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    for path, data in template.get("base64", {}).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(data))
    for path, target in template.get("links", {}).items():
        link = root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    for path in template.get("executable", []):
        (root / path).chmod(0o755)


def tree(root):
    result = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = pathlib.Path(folder) / name
            key = path.relative_to(root).as_posix()
            if path.is_symlink():
                result[key] = {"link": os.readlink(path)}
            elif path.is_file():
                data = path.read_bytes()
                try:
                    row = {"text": data.decode()}
                except UnicodeDecodeError:
                    row = {"base64": base64.b64encode(data).decode()}
                if path.stat().st_mode & 0o100:
                    row["executable"] = True
                result[key] = row
    return dict(sorted(result.items()))


expected = {}
for name, template in yaml.safe_load((HERE / "templates.yaml").read_text()).items():
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        write(work / "stacks" / name, template)
        before = os.getcwd()
        os.chdir(work)
        copier.run_copy(
            f"stacks/{name}", "out", data=template.get("data", {}), defaults=True, overwrite=True, quiet=True, unsafe=True
        )
        os.chdir(before)
        expected[name] = tree(work / "out")
    finally:
        shutil.rmtree(work)

(HERE / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=True) + "\n")
print(len(expected), "templates,", sum(len(t) for t in expected.values()), "files and links")
