#!/usr/bin/env python3
"""Checks that the C++ code in README.md is the text of the example it names, which CI builds and runs.

A block begins with a line `<!-- examples/embed.cc -->` and then ```cpp; every line of the block must
appear, in order and without gaps, in that file. With --write the block is taken from the file.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(<!-- (examples/\S+) -->\n```\w+\n)(.*?)(```\n)", re.S)


def main():
    readme = ROOT / "README.md"
    text = readme.read_text()
    write = "--write" in sys.argv
    found = bad = 0

    def check(match):
        nonlocal found, bad
        found += 1
        source = (ROOT / match.group(2)).read_text()
        if write:
            return match.group(1) + source + match.group(4)
        if match.group(3) not in source:
            bad += 1
            print(f"README.md: the block is not in {match.group(2)}")
        return match.group(0)

    new = BLOCK.sub(check, text)
    if write:
        readme.write_text(new)
    if found == 0:
        print("README.md shows no example")
        return 1
    print(f"{found - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
