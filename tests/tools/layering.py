#!/usr/bin/env python3
"""Checks every #include of lib/ and include/ against the floor plan in lib/FLOORS.

The rules (see lib/README.md):
  * a room includes rooms on lower floors, and on its own floor only along an `edge` line;
  * a door (top floor) includes itself and public headers only;
  * a public header includes the standard library, "vesto/..." and nothing else;
  * an include in quotes names a file that exists below lib/ or include/.

Usage: layering.py [repository root]. Prints file:line: message for each violation; the exit status
is 1 if there was one.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
DOORS = {"wire", "shell", "capi", "python"}
# Libraries that live behind quotes although they are not ours.
FOREIGN = ("absl/",)


def read_floors(path):
    floor_of, edges = {}, set()
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "edge" and len(words) == 3:
            edges.add((words[1], words[2]))
        elif words[0].isdigit():
            for room in words[1:]:
                floor_of[room] = int(words[0])
        else:
            sys.exit(f"{path}:{number}: neither a floor nor an edge: {line}")
    for user, used in edges:
        for room in (user, used):
            if room not in floor_of:
                sys.exit(f"{path}: edge names the unknown room {room}")
        if floor_of[user] < floor_of[used]:
            sys.exit(f"{path}: edge {user} {used} goes up")
    return floor_of, edges


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == "<", match.group(2)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    floor_of, edges = read_floors(root / "lib" / "FLOORS")
    problems = []
    num_files = 0

    def complain(path, number, message):
        problems.append(f"{path.relative_to(root)}:{number}: {message}")

    for path in sorted((root / "lib").rglob("*")):
        if path.suffix not in (".h", ".cc", ".inc"):
            continue
        parts = path.relative_to(root / "lib").parts
        room = parts[0]
        num_files += 1
        if room not in floor_of:
            complain(path, 1, f"lib/{room} is not a room of lib/FLOORS")
            continue
        for number, angled, name in includes(path):
            if angled:
                if name.startswith("vesto/") or name.split("/")[0] in floor_of and "/" in name and (
                        root / "lib" / name).exists():
                    complain(path, number, f"<{name}> is ours: include it in quotes")
                continue
            if name.startswith(FOREIGN):
                if room in DOORS and name.startswith("absl/"):
                    complain(path, number, f"door {room} includes {name}: doors see include/ only")
                continue
            if name.startswith("vesto/") or name == "vesto.h":
                if not (root / "include" / name).exists():
                    complain(path, number, f"no such public header: {name}")
                continue
            other = name.split("/")[0]
            if other not in floor_of or "/" not in name:
                complain(path, number, f'"{name}" names no room: write it from lib/')
                continue
            if not (root / "lib" / name).exists():
                complain(path, number, f"no such file: lib/{name}")
                continue
            if other == room:
                continue
            if room in DOORS:
                complain(path, number, f"door {room} includes {name}: doors see include/ only")
            elif floor_of[other] > floor_of[room]:
                complain(path, number, f"{room} (floor {floor_of[room]}) includes {name} "
                                       f"(floor {floor_of[other]}): never up")
            elif floor_of[other] == floor_of[room] and (room, other) not in edges:
                complain(path, number, f"{room} includes {name} of the same floor: never sideways "
                                       f"without an edge in lib/FLOORS")

    for path in sorted((root / "include").rglob("*.h")):
        num_files += 1
        for number, angled, name in includes(path):
            if name.startswith("vesto/"):
                if not (root / "include" / name).exists():
                    complain(path, number, f"no such public header: {name}")
            elif not angled:
                complain(path, number, f"public header includes {name}: std and vesto/ only")
            elif "/" in name and not name.startswith("sys/"):
                complain(path, number, f"public header includes <{name}>: std and vesto/ only")
            elif name.endswith(".h") and name not in ("stdint.h", "stddef.h", "stdbool.h"):
                complain(path, number, f"public header includes <{name}>: std and vesto/ only")

    for problem in problems:
        print(problem)
    print(f"layering: {num_files} files checked, {len(problems)} violations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
