#!/usr/bin/env python3
"""Counts the test cases in a JUnit file that ctest wrote: prints `N passed, N failed`.

A program that prints its own summary (Catch2, or a line `N passed, N failed`) counts with its own
numbers; any other counts as one. A program that fails without a failed case of its own (a crash, a
timeout, a sanitizer report) adds one failure. Failed programs are named, with the end of their output.
"""

import re
import sys
import xml.etree.ElementTree as ET

ALL_PASSED = re.compile(r"All tests passed \([\d,]+ assertions? in ([\d,]+) test cases?\)")
CASES = re.compile(r"^test cases:\s*\d+(.*)$", re.M)
PLAIN = re.compile(r"^(?:.*[ :])?(\d+) passed, (\d+) failed\b", re.M)


def summary_of(text):
    match = ALL_PASSED.search(text)
    if match:
        return int(match.group(1).replace(",", "")), 0
    match = CASES.search(text)
    if match:
        passed = re.search(r"(\d+) passed", match.group(1))
        failed = re.search(r"(\d+) failed", match.group(1))
        return int(passed.group(1)) if passed else 0, int(failed.group(1)) if failed else 0
    matches = PLAIN.findall(text)
    if matches:
        return int(matches[-1][0]), int(matches[-1][1])
    return None


def main():
    total_passed = total_failed = 0
    for case in ET.parse(sys.argv[1]).getroot().iter("testcase"):
        status = case.get("status")
        if status in ("disabled", "notrun") and case.find("skipped") is not None:
            reason = case.find("skipped").get("message") or ""
            if "Not Run" not in reason and "Unable" not in reason:
                continue
        ok = status == "run"
        output = case.findtext("system-out") or ""
        passed, failed = summary_of(output) or (1 if ok else 0, 0)
        if not ok and failed == 0:
            failed = 1
        total_passed += passed
        total_failed += failed
        if not ok:
            print(f"--- {case.get('name')} failed; the end of its output:")
            print("\n".join(output.splitlines()[-60:]))
    print(f"{total_passed} passed, {total_failed} failed")


if __name__ == "__main__":
    main()
