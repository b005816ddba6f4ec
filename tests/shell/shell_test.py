#!/usr/bin/env python3
"""What the shell prints, where it prints it, and how it ends. Usage: shell_test.py VESTO [TEST...]

Layout was compared with psql 15 (print_aligned_text and its relatives) for every format, border, -x and -t.
"""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

VESTO = ""

TABLE = ("CREATE TABLE t (id INTEGER, name VARCHAR(20));"
         "INSERT INTO t VALUES (1, 'Ada'), (2, NULL);")
SELECT = "SELECT id, name FROM t ORDER BY id"


def run(*arguments, stdin=""):
    done = subprocess.run([VESTO, *arguments], input=stdin, capture_output=True, text=True, timeout=120,
                          check=False)
    return done.returncode, done.stdout, done.stderr


class Output(unittest.TestCase):
    maxDiff = None

    def check(self, arguments, expected):
        status, out, err = run("-q", "-c", TABLE, *arguments, "-c", SELECT)
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(out, expected)

    def test_aligned(self):
        self.check([], " id | name \n----+------\n  1 | Ada\n  2 | \n(2 rows)\n\n")

    def test_border(self):
        self.check(["-P", "border=2"],
                   "+----+------+\n| id | name |\n+----+------+\n|  1 | Ada  |\n|  2 |      |\n"
                   "+----+------+\n(2 rows)\n\n")
        self.check(["-P", "border=0"], "id name \n-- ----\n 1 Ada\n 2 \n(2 rows)\n\n")

    def test_unaligned(self):
        self.check(["-A"], "id|name\n1|Ada\n2|\n(2 rows)\n")
        self.check(["-A", "-t", "-F", "\\t"], "1\tAda\n2\t\n")
        self.check(["-At", "-P", "null=NULL"], "1|Ada\n2|NULL\n")

    def test_tuples_only(self):
        self.check(["-t"], "  1 | Ada\n  2 | \n\n")

    def test_expanded(self):
        self.check(["-x"], "-[ RECORD 1 ]\nid   | 1\nname | Ada\n-[ RECORD 2 ]\nid   | 2\nname | \n\n")

    def test_csv(self):
        self.check(["--csv"], "id,name\n1,Ada\n2,\n")

    def test_json(self):
        self.check(["-P", "format=json"],
                   '[{"id": 1, "name": "Ada"},\n {"id": 2, "name": null}]\n')

    def test_markdown(self):
        self.check(["-P", "format=markdown"],
                   "|  id | name |\n|----:|:-----|\n|   1 | Ada  |\n|   2 |      |\n")

    def test_command_tags(self):
        status, out, _ = run(stdin=TABLE.replace(";", ";\n"))
        self.assertEqual((status, out), (0, "CREATE TABLE\nINSERT 0 2\n"))

    def test_every_result_of_one_command(self):
        status, out, _ = run("-At", "-c", "SELECT 1; SELECT 2")
        self.assertEqual((status, out), (0, "1\n2\n"))

    def test_output_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "out")
            status, out, _ = run("-At", stdin=f"\\o {path}\nSELECT 1;\n\\o\nSELECT 2;\n")
            self.assertEqual((status, out), (0, "2\n"))
            with open(path) as file:
                self.assertEqual(file.read(), "1\n")


class Errors(unittest.TestCase):
    def test_error_has_state_line_and_caret(self):
        status, out, err = run("-c", "SELECT *\nFROM nowhere")
        self.assertEqual((status, out), (1, ""))
        self.assertRegex(err, r"^ERROR:  42P01: .*nowhere.*\nLINE 2: FROM nowhere\n {13}\^\n")

    def test_caret_under_wide_characters(self):
        for text, columns in (("'äöü'", 5), ("'日本語'", 8), ("'e\u0301'", 3), ("'🙂'", 4)):
            _, _, err = run("-c", f"SELECT {text} || nope")
            self.assertEqual(err.split("\n")[2], " " * (len("LINE 1: SELECT  || ") + columns) + "^", text)

    def test_caret_in_a_long_line(self):
        _, _, err = run("-c", f"SELECT {', '.join(['1'] * 100)}, nope, {', '.join(['2'] * 100)}")
        line, caret = err.split("\n")[1:3]
        self.assertEqual(line[len(caret) - 1:][:4], "nope")
        self.assertLess(len(line), 80)

    def test_files_name_their_line(self):
        status, _, err = run(stdin="SELECT 1;\n\nSELECT 1/0;\nSELECT 2;\n")
        self.assertEqual(status, 1)
        self.assertIn("vesto:<stdin>:3: ERROR:  22012: ", err)

    def test_script_goes_on_unless_told_to_stop(self):
        script = "SELECT 1/0;\nSELECT 2;\n"
        status, out, _ = run("-At", stdin=script)
        self.assertEqual((status, out), (1, "2\n"))
        status, out, _ = run("-At", "-v", "ON_ERROR_STOP=1", stdin=script)
        self.assertEqual((status, out), (3, ""))

    def test_command_after_error(self):
        status, out, _ = run("-At", "-c", "SELECT 1/0", "-c", "SELECT 2")
        self.assertEqual((status, out), (1, "2\n"))

    def test_results_before_the_error_are_printed(self):
        status, out, err = run("-At", "-c", "CREATE TABLE t (a INTEGER); SELECT 1; SELECT 1/0; SELECT 2")
        self.assertEqual((status, out), (1, "CREATE TABLE\n1\n"))
        self.assertRegex(err, r"^ERROR:  22012: ")
        # They were one transaction all the same.
        status, out, err = run("-At", "-c", "CREATE TABLE t (a INTEGER); SELECT 1/0", "-c", "SELECT * FROM t")
        self.assertEqual((status, out), (1, "CREATE TABLE\n"))
        self.assertIn("42P01", err)
        # Nothing runs of a text that cannot be parsed; the caret stands in the whole text.
        status, out, err = run("-At", "-c", "SELECT 1;\nSELECT 2 2")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("LINE 2: SELECT 2 2", err)

    def test_load_error_names_the_first_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "lines.txt")
            with open(path, "w") as file:
                file.write("1|2|a\nnx|2|b\n3|4\n")
            table = "CREATE TABLE t (a INTEGER, b INTEGER, n VARCHAR(5))"
            _, _, err = run("-q", "-c", table, "-c", f"COPY t FROM '{path}'")
            self.assertIn("lines.txt, line 2: Invalid digit, Value 'n'", err)
            # Far into a file that several slices share.
            good = "1|2|" + "x" * 60 + "\n"
            count = (9 << 20) // len(good)
            with open(path, "w") as file:
                file.write(good * count + "1|2\n")
            _, _, err = run("-q", "-c", table.replace("(5)", "(80)"), "-c", f"COPY t FROM '{path}'")
            self.assertIn(f"lines.txt, line {count + 1}: Delimiter not found", err)

    def test_terse(self):
        _, _, err = run("-v", "VERBOSITY=terse", "-c", "SELECT 1/0")
        self.assertRegex(err, r"^ERROR:  [^\n]*zero[^\n]*\n$")

    def test_bad_command(self):
        status, _, err = run(stdin="\\nope\n")
        self.assertEqual(status, 1)
        self.assertIn("invalid command \\nope", err)

    def test_bad_flag(self):
        self.assertEqual(run("--nope")[0], 2)
        self.assertEqual(run("--memory", "much")[0], 2)

    def test_bad_flags_name_the_nearest(self):
        for arguments, message in ((["--nod", "2"], "unknown option --nod; did you mean --nodes?"),
                                   (["--slcies=2"], "unknown option --slcies; did you mean --slices?"),
                                   (["--tuples"], "unknown option --tuples; did you mean --tuples-only?"),
                                   (["--frobnicate"], "unknown option --frobnicate"), (["-Z"], "unknown option -Z"),
                                   (["dev"], 'unexpected argument "dev"'),
                                   (["--nodes", "x"], "Could not convert: --nodes = x")):
            status, out, err = run(*arguments)
            self.assertEqual((status, out, err), (2, "", f'vesto: {message}\nTry "vesto --help".\n'))
        if run("serve", "--help")[0] == 0:  # a build without the endpoint has none
            self.assertEqual(run("serve", "--prot", "1")[2], "vesto serve: unknown option --prot; did you mean --port?\n"
                                                            'Try "vesto serve --help".\n')
        self.assertIn("Try \\? for help.", run("-c", "\\dz")[2])

    def test_missing_file(self):
        status, _, err = run("-f", "/nowhere.sql")
        self.assertEqual(status, 1)
        self.assertIn("/nowhere.sql", err)


class Commands(unittest.TestCase):
    def script(self, text, *arguments):
        status, out, err = run("-At", "-q", *arguments, stdin=text)
        self.assertEqual(err, "")
        self.assertEqual(status, 0)
        return out

    def test_variables(self):
        out = self.script("\\set n 5\n\\set s 'a''b'\nSELECT :n, :'s', ':n', 1::INTEGER;\n\\echo :n x\n")
        self.assertEqual(out, "5|a'b|:n|1\n5 x\n")

    def test_variables_from_flags(self):
        self.assertEqual(self.script("SELECT :n + 1;", "-v", "n=6"), "7\n")

    def test_gset(self):
        self.assertEqual(self.script("SELECT 6 AS n, 'x' AS s \\gset p_\n\\echo :p_n :p_s\n"), "6 x\n")

    def test_g_runs_the_statement(self):
        self.assertEqual(self.script("SELECT 6 \\g\n"), "6\n")

    def test_include(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "inner.sql"), "w") as file:
                file.write("SELECT 'inner';\n")
            outer = os.path.join(folder, "outer.sql")
            with open(outer, "w") as file:
                file.write("\\ir inner.sql\nSELECT 'outer';\n")
            self.assertEqual(self.script(f"\\i {outer}\nSELECT 'end';\n"), "inner\nouter\nend\n")

    def test_quit_ends_the_script(self):
        self.assertEqual(self.script("SELECT 1;\n\\q\nSELECT 2;\n"), "1\n")

    def test_semicolons_inside(self):
        out = self.script("SELECT 'a;b' /* ; */ -- ;\n, \"x;y\" FROM (SELECT 1 AS \"x;y\") q; SELECT 2;\n")
        self.assertEqual(out, "a;b|1\n2\n")

    def test_several_statements_as_one(self):
        status, out, err = run("-At", stdin="SELECT 1\\; SELECT 2;\nCREATE TABLE t (a INTEGER)\\; SELECT 1/0;\nTABLE t;\n")
        self.assertEqual((status, out), (1, "1\n2\nCREATE TABLE\n"))
        self.assertEqual(err.count("ERROR"), 2)

    def test_last_statement_needs_no_semicolon(self):
        self.assertEqual(self.script("SELECT 1"), "1\n")

    def test_pset(self):
        status, out, _ = run("-q", stdin="\\pset format csv\nSELECT 1 AS a;\n\\pset format json\nSELECT 1 AS a;\n")
        self.assertEqual((status, out), (0, 'a\n1\n[{"a": 1}]\n'))

    def test_expanded_when_too_wide(self):
        script = "\\x auto\n\\pset columns 20\nSELECT 1 AS a;\nSELECT REPEAT('x', 30) AS a, 2 AS b;\n"
        status, out, _ = run("-q", stdin=script)
        self.assertEqual((status, out), (0, " a \n---\n 1\n(1 row)\n\n-[ RECORD 1 ]---------------------\n"
                                            "a | " + "x" * 30 + "\nb | 2\n\n"))

    def test_gx_and_g_to_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "out")
            status, out, err = run("-q", stdin=f"SELECT 1 AS a \\gx\nSELECT 2 AS a \\g {path}\nSELECT 3 \\g | cat >&2\n")
            self.assertEqual((status, out), (0, "-[ RECORD 1 ]\na | 1\n\n"))
            self.assertIn("3", err)
            with open(path) as file:
                self.assertEqual(file.read(), " a \n---\n 2\n(1 row)\n\n")

    def test_operating_system(self):
        self.assertEqual(self.script("\\! echo from outside\n"), "from outside\n")
        self.assertEqual(run(stdin="\\! exit 3\n")[0], 1)

    def test_unset(self):
        self.assertEqual(self.script("\\set n 5\n\\unset n\n\\echo :n\n"), ":n\n")
        self.assertIn("n = '5'\n", self.script("\\set n 5\n\\set\n"))

    def test_conditions(self):
        self.assertEqual(self.script("\\if true\nSELECT 1;\n\\else\nSELECT 2;\n\\endif\nSELECT 3;\n"), "1\n3\n")
        self.assertEqual(self.script("\\if false\nSELECT 1/0;\n\\nope\n\\q\n\\elif off\nSELECT 1;\n\\elif yes\n"
                                     "SELECT 2;\n\\elif 1\nSELECT 3;\n\\else\nSELECT 4;\n\\endif\n"), "2\n")
        # Nested blocks; what does not run is not evaluated.
        nested = "\\if {}\n\\if {}\n\\echo a\n\\else\n\\echo b\n\\endif\n\\else\n\\if what\n\\echo c\n\\endif\n\\echo d\n\\endif\n"
        self.assertEqual(self.script(nested.format(1, "t")), "a\n")
        self.assertEqual(self.script(nested.format("on", 0)), "b\n")
        self.assertEqual(self.script(nested.format("F", "nonsense").replace("what", "n")), "d\n")

    def test_conditions_use_variables(self):
        script = "SELECT 2 > 1 AS bigger, NULL AS nothing \\gset\n\\if :bigger\n\\echo yes\n\\endif\n"
        self.assertEqual(self.script(script), "yes\n")
        line = "\\if :{?n} \\echo set to :n \\else \\echo unset \\endif\nSELECT :{?n};\n"
        self.assertEqual(self.script(line), "unset\nf\n")
        self.assertEqual(self.script(line, "-v", "n=6"), "set to 6\nt\n")

    def test_conditions_inside_a_statement(self):
        script = "SELECT COALESCE(NULL,\n\\if {}\n 2\n\\elif {}\n 3\n\\else\n 4; 'no' (\n\\endif\n) + 1;\n"
        self.assertEqual(self.script(script.format("1", "1")), "3\n")
        self.assertEqual(self.script(script.format("0", "1")), "4\n")
        self.assertEqual(self.script("SELECT 1\n\\if 0\n; SELECT 2; SELECT 3\n\\endif\n+ 1;\n"), "2\n")

    def test_wrong_conditions(self):
        for script, message in (("\\else\n", r"\\else: no matching \\if"), ("\\elif 1\n", r"\\elif: no matching \\if"),
                                ("\\endif\n", r"\\endif: no matching \\if"),
                                ("\\if 1\n\\else\n\\else\n\\endif\n", r"\\else: cannot occur after \\else"),
                                ("\\if 1\n\\else\n\\elif 1\n\\endif\n", r"\\elif: cannot occur after \\else"),
                                ("\\if 1\nSELECT 2;\n", r"reached EOF without finding closing \\endif"),
                                ("\\if 0\n\\if 1\n\\endif\nSELECT 2", r"reached EOF without finding closing \\endif"),
                                ("\\if maybe so\n\\echo no\n\\endif\n",
                                 r'unrecognized value "maybe so" for "\\if expression": Boolean expected'),
                                ("\\if\n\\echo no\n\\endif\n", 'unrecognized value "" for')):
            status, out, err = run("-At", stdin=script + "\\echo\n")
            self.assertEqual(status, 1, script)
            self.assertRegex(err, message)
            self.assertNotIn("no", out)
        status, _, err = run("-v", "ON_ERROR_STOP=1", stdin="\\if 1\n")
        self.assertEqual(status, 3)
        # A file closes its own blocks.
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "open.sql")
            with open(path, "w") as file:
                file.write("\\if 0\n")
            status, out, err = run(stdin=f"\\i {path}\n\\echo on\n\\endif\n")
            self.assertEqual((status, out), (1, "on\n"))
            self.assertRegex(err, r"open.sql:1: reached EOF[^\n]*\n[^\n]*<stdin>:3: \\endif: no matching")

    def test_commands_end_at_a_backslash(self):
        self.assertEqual(self.script("\\echo 'a\\\\b' \\echo c\\\\SELECT 2;\n"), "a\\b\nc\n2\n")
        self.assertEqual(self.script("\\! printf 'a\\n\\\\'\n"), "a\n\\")

    def test_connect(self):
        out = self.script("SET query_group TO 'x';\n\\c dev\nSHOW query_group;\n\\conninfo\n")
        self.assertEqual(out, 'unset\nYou are connected to database "dev" as user "awsuser" in this '
                              "process (1 x 2 slices).\n")
        status, out, err = run("-At", stdin="\\c nowhere\nSELECT 1;\n")
        self.assertEqual((status, out), (1, "1\n"))  # the old connection goes on
        self.assertIn('database "nowhere" does not exist', err)

    def test_edit(self):
        with tempfile.TemporaryDirectory() as folder:
            editor = os.path.join(folder, "my editor")
            with open(editor, "w") as file:
                file.write('#!/bin/sh\nsed "s/forty/40/" "$1" > "$1.new" && echo ";" >> "$1.new" && '
                           'mv "$1.new" "$1"\n')
            os.chmod(editor, 0o755)
            environment = dict(os.environ, PSQL_EDITOR=f"'{editor}'")
            done = subprocess.run([VESTO, "-At"], input="SELECT forty + 2\n\\e\n", capture_output=True,
                                  text=True, timeout=120, check=False, env=environment)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "42\n", ""))
            environment["PSQL_EDITOR"] = "false"
            done = subprocess.run([VESTO, "-At"], input="SELECT 1\n\\e\n;\n", capture_output=True,
                                  text=True, timeout=120, check=False, env=environment)
            self.assertEqual((done.returncode, done.stdout), (1, "1\n"))
            self.assertIn("the editor failed", done.stderr)

    def test_what_is_not_there_says_so(self):
        for command in ("watch 1", "password", "dp"):
            status, _, err = run(stdin=f"\\{command}\n")
            self.assertEqual(status, 1)
            self.assertRegex(err, r"\\\w+ of psql is not supported")

    def test_usage(self):
        status, out, _ = run("--help")
        self.assertEqual(status, 0)
        for flag in ("--nodes", "--memory", "--mount", "--command", "--pset", "--csv", "Exit status"):
            self.assertIn(flag, out)
        self.assertLessEqual(max(map(len, out.split("\n"))), 100)

    def test_mount_of_nothing(self):
        status, out, err = run("--mount", "s3://x=/nope", "-c", "SELECT 1")
        self.assertEqual((status, out), (2, ""))
        self.assertIn("--mount s3://x=/nope: there is no folder /nope", err)

    def test_toggles_say_what_they_did(self):
        status, out, _ = run(stdin="\\x\n\\x off\n\\timing\n\\t\n\\a\n")
        self.assertEqual((status, out), (0, "Expanded display is on.\nExpanded display is off.\n"
                                            "Timing is on.\nTuples only is on.\n"
                                            "Output format is unaligned.\n"))

    def test_timing(self):
        self.assertRegex(self.script("\\timing on\nSELECT 1;\n"), r"^1\nTime: \d+\.\d{3} ms\n$")

    def test_help(self):
        self.assertIn("\\timing", self.script("\\?\n"))
        self.assertIn("DISTKEY", self.script("\\h CREATE TABLE\n"))

    def test_completion_and_version(self):
        for shell in ("bash", "zsh", "fish"):
            status, out, _ = run("--completion", shell)
            self.assertEqual(status, 0)
            self.assertIn("single-transaction", out)
        self.assertEqual(run("--completion", "cmd")[0], 2)
        self.assertRegex(run("--version")[1], r"^vesto \d+\.\d+\.\d+\n$")


class Describe(unittest.TestCase):
    def test_lists(self):
        script = ("CREATE TABLE orders (id INTEGER NOT NULL DISTKEY, day DATE SORTKEY);\n"
                  "CREATE VIEW recent AS SELECT * FROM orders;\n")
        status, out, err = run("-q", stdin=script + "\\d\n\\dt\n\\dv\n\\dn\n\\du\n\\l\n\\d orders\n\\df abs\n")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"List of relations[\s\S]*public +\| orders +\| table")
        self.assertRegex(out, r"public +\| recent +\| view")
        self.assertRegex(out, r"List of schemas[\s\S]*public")
        self.assertRegex(out, r"awsuser")
        self.assertRegex(out, r"\n dev ")
        self.assertRegex(out, r"id +\| integer +\| not null")
        self.assertRegex(out, r"Diststyle: KEY\(id\)")

    def test_functions(self):
        def names(command):
            status, out, err = run("-At", "-q", "-c", command)
            self.assertEqual((status, err), (0, ""))
            return sorted({line.split("|")[1] for line in out.splitlines()})
        self.assertEqual(names("\\df"), [])  # the user's own
        self.assertEqual(names("\\df abs"), ["abs"])
        self.assertEqual(names("\\df ab*"), names("\\df pg_catalog.ab*"))
        self.assertIn("abs", names("\\df ab*"))
        self.assertEqual(names("\\df public.abs"), [])
        self.assertEqual(names("\\df no_such"), [])
        self.assertIn("lower", names("\\dfS"))
        _, out, _ = run("-q", "-c", "\\df abs")
        self.assertRegex(out, r"List of functions\n +Schema +\| Name \| Result data type \| Argument data types"
                              r" +\| Type \n")

    def test_schemas_outside_the_path(self):
        script = ("CREATE SCHEMA other;\nCREATE TABLE other.hidden (x NUMERIC(8,2), y VARCHAR(7));\n"
                  "CREATE TABLE seen (x INTEGER);\nCREATE TEMP TABLE passing (x INTEGER);\n")
        status, out, err = run("-At", "-q", stdin=script + "\\dt\n\\echo -\n\\dt other.*\n\\echo -\n\\dn\n")
        self.assertEqual((status, err), (0, ""))
        path, other, schemas = out.split("-\n")
        self.assertEqual([line.split("|")[1] for line in path.splitlines()], ["passing", "seen"])
        self.assertEqual(other, "other|hidden|table|awsuser\n")
        self.assertEqual(schemas, "other|awsuser\npublic|awsuser\n")
        status, out, err = run("-q", stdin=script + "\\d other.hidden\n")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"x +\| numeric\(8,2\)")
        self.assertRegex(out, r"y +\| character varying\(7\)")

    def test_defaults(self):
        script = ("CREATE SCHEMA other;\nCREATE TABLE other.t (id INTEGER IDENTITY(1,1), a INTEGER DEFAULT 5, "
                  "b VARCHAR(9) DEFAULT 'x''y' DISTKEY, c TIMESTAMP DEFAULT SYSDATE NOT NULL SORTKEY, d DATE);\n"
                  "CREATE TEMP TABLE passing (a INTEGER DEFAULT 1 + 2);\nCREATE VIEW v AS SELECT a FROM other.t;\n")
        for command in ("\\d", "\\d+"):
            status, out, err = run("-q", stdin=script + f"{command} other.t\n{command} passing\n{command} v\n")
            self.assertEqual((status, err), (0, ""))
            self.assertRegex(out, r" Column +\| +Type +\| Nullable \| +Default +\| Encoding \| Distkey \| Sortkey \n")
            self.assertRegex(out, r" id +\| integer +\| not null \| \"identity\"\(\d+, 0, '1,1'::text\) +\| az64")
            self.assertRegex(out, r" a +\| integer +\|  +\| 5 +\| az64 +\|  +\| +0\n")
            self.assertRegex(out, r" b +\| character varying\(9\) +\|  +\| 'x''y' +\| lzo +\| yes +\| +0\n")
            self.assertRegex(out, r" c +\| timestamp without time zone \| not null \| SYSDATE +\| none +\|  +\| +1\n")
            self.assertRegex(out, r" d +\| date +\|  +\|  +\| az64")
            self.assertIn("Diststyle: KEY(b)\nSort key begins with: c\n", out)
            self.assertRegex(out, r" a +\| integer \| +\| 1 ?\+ ?2 +\|")
            self.assertRegex(out, r'View "public.v"\n +Column \| +Type +\| Nullable \| Default \n')

    def test_tables_of_others(self):
        # As in psql, what may not be read can be described.
        script = ("CREATE TABLE t (a INTEGER DEFAULT 3 DISTKEY);\nINSERT INTO t VALUES (1), (2);\nCREATE USER guest PASSWORD 'Abcdef12';\n"
                  "\\c dev guest\nBEGIN;\n\\d t\n\\d+ t\nCOMMIT;\n")
        status, out, err = run("-q", stdin=script)
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(len(re.findall(r" a +\| integer \| +\| 3 +\| az64 +\| yes ", out)), 2)
        self.assertIn("Rows: 2\n", out)

    def test_nothing_found(self):
        status, out, err = run("-c", "\\dt nothing*")
        self.assertEqual((status, out, err), (0, "", 'Did not find any relation named "nothing*".\n'))
        status, out, err = run("-c", "\\d")
        self.assertEqual((status, out, err), (0, "", "Did not find any relations.\n"))
        self.assertIn("sort key", run("-c", "\\di")[1])

    def test_unknown_relation(self):
        status, _, err = run("-c", "\\d nowhere")
        self.assertEqual(status, 1)
        self.assertIn("nowhere", err)


class Copy(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name, text=None):
        path = os.path.join(self.folder.name, name)
        if text is not None:
            with open(path, "w", newline="") as file:
                file.write(text)
        return path

    def read(self, name):
        with open(self.path(name), newline="") as file:
            return file.read()

    def script(self, text, *arguments):
        status, out, err = run("-At", *arguments, stdin="\\set QUIET on\n" + TABLE.split(";")[0] + ";\n" + text)
        self.assertEqual((status, err), (0, ""))
        return out

    def test_data_in_the_script(self):
        data = "COPY t FROM STDIN; SELECT\n1\tone\n2\t\\N\n\\.\n COUNT(*) FROM t;\n"
        self.assertEqual(self.script(data), "2\n")
        self.assertEqual(self.script("\\set QUIET off\nCOPY t (id) FROM STDIN;\n1\n\\.\n"), "COPY 1\n")
        # CSV with a line break, Windows' line ends, and data up to the end of the script.
        self.assertEqual(self.script('COPY t FROM STDIN CSV;\n1,"a\nb"\n\\.\nSELECT name FROM t;\n'), "a\nb\n")
        self.assertEqual(self.script("COPY t FROM STDIN;\r\n1\tx\r\n\\.\r\nSELECT name || '.' FROM t;\n"), "x.\n")
        self.assertEqual(self.script("\\set QUIET off\nCOPY t FROM STDIN;\n1\tone\n2\ttwo"), "COPY 2\n")
        # In a file that is included the data is there, not on standard input.
        inner = self.path("inner.sql", "COPY t FROM STDIN;\n5\tfive\n\\.\nSELECT name FROM t;\n")
        self.assertEqual(self.script(f"\\i {inner}\nSELECT id FROM t;\n"), "five\n5\n")

    def test_data_of_a_command(self):
        status, out, err = run("-At", "-c", TABLE, "-c", "COPY t FROM STDIN; SELECT COUNT(*) FROM t",
                               stdin="3\tx\n4\ty\n")
        self.assertEqual((status, out, err), (0, "CREATE TABLE\nINSERT 0 2\nCOPY 2\n4\n", ""))
        load = self.path("load.sql", "\\copy t from pstdin\nSELECT COUNT(*) FROM t;\n")
        status, out, _ = run("-At", "-q", "-c", TABLE, "-f", load, stdin="3\tx\n")
        self.assertEqual((status, out), (0, "3\n"))

    def test_bad_data_is_read_to_its_end(self):
        script = ("CREATE TABLE t (id INTEGER, name VARCHAR(20));\nCOPY t FROM STDIN;\n1\ta\nx\tb\n3\tSELECT 1/0;\n\\.\n"
                  "SELECT COUNT(*) FROM t;\nSELECT * FROM nowhere;\n")
        status, out, err = run("-At", "-q", stdin=script)
        self.assertEqual((status, out), (1, "0\n"))
        self.assertIn('vesto:<stdin>:2: ERROR:  22P02: ', err)
        self.assertIn('CONTEXT:  COPY t, line 2, column id: "x"\n', err)
        self.assertIn("vesto:<stdin>:8: ERROR:  42P01: ", err)
        self.assertEqual(err.count("ERROR"), 2)
        self.assertEqual(run("-q", "-v", "ON_ERROR_STOP=1", stdin=script)[0], 3)

    def test_to_stdout(self):
        rows = "INSERT INTO t VALUES (1, 'a\tb'), (2, NULL);\n"
        out = self.script(rows + "COPY (SELECT * FROM t ORDER BY id) TO STDOUT;\n\\echo :ROW_COUNT\n")
        self.assertEqual(out, "1\ta\\tb\n2\t\\N\n2\n")
        self.assertEqual(self.script("\\set QUIET off\nCOPY t TO STDOUT CSV HEADER;\n"), "id,name\n")
        path = self.path("out")
        self.script(rows + f"COPY (SELECT id FROM t ORDER BY 1) TO STDOUT \\g {path}\n")
        self.assertEqual(self.read("out"), "1\n2\n")
        out = self.script(rows + f"\\o {path}\nCOPY (SELECT 1) TO STDOUT;\n\\copy (select 2) to stdout\n"
                          "\\copy (select 3) to pstdout\n")
        self.assertEqual((out, self.read("out")), ("3\n", "1\n2\n"))
        status, out, err = run("-At", "-c", "COPY (SELECT 1) TO STDOUT; COPY (SELECT 1/0) TO STDOUT")
        self.assertEqual((status, out), (1, "1\n"))
        self.assertIn("22012", err)

    def test_copy_command(self):
        source = self.path("it's.csv", 'id,name\r\n1,"a, ""b"""\r\n2,\r\n')
        target = self.path("out.csv")
        quoted = source.replace("'", "''")
        out = self.script(f"\\set QUIET off\n\\copy t from '{quoted}' csv header;\n"
                          f"\\copy t(name , id) from {self.path('plain', 'x|3')} with (delimiter '|')\n"
                          f"\\copy (select name, id from t where name <> ')' or id = 2 order by id) to '{target}' (format csv)\n"
                          "\\copy public.t to program 'sort > " + self.path("sorted") + "'\n")
        self.assertEqual(out, "COPY 2\nCOPY 1\nCOPY 3\nCOPY 3\n")
        self.assertEqual(self.read("out.csv"), '"a, ""b""",1\n,2\nx,3\n')
        self.assertEqual(self.read("sorted"), "1\ta, \"b\"\n2\t\\N\n3\tx\n")
        out = self.script("\\copy t(id) from program 'echo 7; echo 8' null '8'\nSELECT * FROM t ORDER BY 1;\n")
        self.assertEqual(out, "7|\n|\n")

    def test_copy_command_in_binary(self):
        path = self.path("rows")
        out = self.script(f"INSERT INTO t VALUES (10, 'ten\n'), (13, NULL);\n\\copy t to '{path}' (format binary)\nTRUNCATE t;\n"
                          f"\\copy t from '{path}' (format binary)\nSELECT id, name = 'ten\n' FROM t ORDER BY id;\n")
        self.assertEqual(out, "10|t\n13|\n")

    def test_copy_command_with_more_than_a_block(self):
        count = 40000
        path = self.path("many", "".join(f"{i}\tname {i}\n" for i in range(count)))
        target = self.path("again")
        out = self.script(f"\\copy t from '{path}'\nSELECT COUNT(*), SUM(id) FROM t;\n"
                          f"\\copy (select * from t order by id) to '{target}'\n")
        self.assertEqual(out, f"{count}|{count * (count - 1) // 2}\n")
        self.assertEqual(self.read("again"), self.read("many"))
        # A reader that has enough does not end the shell.
        status, out, err = run("-At", stdin=f"CREATE TABLE t (id INTEGER, name VARCHAR(20));\n\\copy t from '{path}'\n"
                               "\\copy t to program 'head -1 >/dev/null'\nSELECT 5;\n")
        self.assertTrue(out.endswith("\n5\n"), out)
        self.assertEqual(status, 1 if err else 0)

    def test_copy_command_errors(self):
        bad = self.path("bad", "1\ta\n2\tb\nx\tc\n")
        for command, message in (("t from /nowhere/file", "/nowhere/file: No such file or directory"),
                                 ("t to /nowhere/file", "/nowhere/file: No such file or directory"),
                                 (f"t from {self.folder.name}", "cannot copy from/to a directory"),
                                 ("", r"\\copy: arguments required"), ("t", r"\\copy: parse error at end of line"),
                                 ("t from", r"\\copy: parse error at end of line"),
                                 ("t from program x", r'\\copy: parse error at "x"'),
                                 ("nowhere from stdin", "42P01: .*nowhere.*\nLINE 1: COPY nowhere FROM STDIN\n {8}\\^"),
                                 ("t from stdin wrong", "ERROR:  42601"),
                                 (f"t from {bad}", 'COPY t, line 3, column id: "x"'),
                                 ("(select 1/0) to pstdout", "22012"),
                                 ("(select 1) to program 'cat >/dev/null; exit 3'", "exit 3: child process exited with exit code 3"),
                                 ("(select 1) to /dev/full", "58030: could not write COPY data: No space left")):
            status, out, err = run("-At", "-q", "-c", TABLE, "-c", "\\copy " + command, "-c", "SELECT COUNT(*) FROM t")
            self.assertEqual((status, out), (1, "2\n"), command)
            self.assertRegex(err, message)


class Terminal:
    """The shell on a pseudo-terminal."""

    def __init__(self, *arguments):
        self.home = tempfile.TemporaryDirectory()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="dumb", HOME=self.home.name, VESTO_PAGER="cat")
            os.execv(VESTO, [VESTO, *arguments])
        self.seen = ""

    def expect(self, pattern, timeout=60):
        end = time.monotonic() + timeout
        while True:
            match = re.search(pattern, self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return match
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"no {pattern!r} in {self.seen!r}")
            try:
                self.seen += os.read(self.fd, 65536).decode(errors="replace").replace("\r", "")
            except OSError as error:
                raise AssertionError(f"it ended before {pattern!r}: {self.seen!r}") from error

    def send(self, text):
        os.write(self.fd, text.encode())

    def close(self):
        self.send("\\q\n")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            try:  # a full terminal would hold it back
                if select.select([self.fd], [], [], 0.1)[0]:
                    os.read(self.fd, 65536)
            except OSError:  # it closed the terminal and is about to end
                time.sleep(0.01)
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise AssertionError("it does not end")
        os.close(self.fd)
        self.home.cleanup()
        return os.waitstatus_to_exitcode(status)


class Interactive(unittest.TestCase):
    def test_prompts(self):
        terminal = Terminal()
        terminal.expect("dev=# ")
        terminal.send("SELECT\n")
        terminal.expect("dev-# ")
        terminal.send("(1\n")
        terminal.expect(r"dev\(# ")
        terminal.send(") + 41;\n")
        terminal.expect(r"42\n\(1 row\)")
        terminal.expect("dev=# ")
        terminal.send("BEGIN;\n")
        terminal.expect(r"dev=\*# ")
        terminal.send("ROLLBACK;\n")
        terminal.expect("dev=# ")
        self.assertEqual(terminal.close(), 0)

    def test_errors_do_not_end_the_session(self):
        terminal = Terminal()
        terminal.expect("dev=# ")
        terminal.send("SELECT 1/0;\n")
        terminal.expect("ERROR:  22012: ")
        terminal.expect("dev=# ")
        self.assertEqual(terminal.close(), 0)

    def test_interrupt_clears_the_line(self):
        terminal = Terminal()
        terminal.expect("dev=# ")
        terminal.send("SELECT (\n")
        terminal.expect(r"dev\(# ")
        terminal.send("\x03")
        terminal.expect("dev=# ")
        terminal.send("SELECT 40 + 2;\n")
        terminal.expect(r"42\n\(1 row\)")
        self.assertEqual(terminal.close(), 0)

    def test_copy_asks_for_the_data(self):
        terminal = Terminal()
        terminal.expect("dev=# ")
        terminal.send("CREATE TABLE t (id INTEGER);\n")
        terminal.expect("dev=# ")
        terminal.send("COPY t FROM STDIN;\n")
        terminal.expect("Enter data to be copied followed by a newline.\n"
                        "End with a backslash and a period on a line by itself, or an EOF signal.\n")
        terminal.expect(">> ")
        terminal.send("1\n")
        terminal.expect(">> ")
        terminal.send("2\n\\.\n")
        terminal.expect("COPY 2\n")
        terminal.expect("dev=# ")
        terminal.send("\\copy t from stdin\n")
        terminal.expect(">> ")
        terminal.send("3\n")
        terminal.expect(">> ")
        terminal.send("\x03")
        terminal.expect("ERROR:  57014: COPY from stdin failed: canceled by user")
        terminal.expect("dev=# ")
        terminal.send("COPY t FROM STDIN;\n")
        terminal.expect(">> ")
        terminal.send("x\n4\n\\.\n")
        terminal.expect("ERROR:  22P02: ")
        terminal.expect("dev=# ")
        terminal.send("SELECT 'rows ' || COUNT(*) FROM t;\n")
        terminal.expect("rows 2\n")
        self.assertEqual(terminal.close(), 0)

    def test_copy_of_a_command_can_be_interrupted(self):
        terminal = Terminal("-c", "CREATE TABLE t (id INTEGER)", "-c", "COPY t FROM STDIN", "-c", "SELECT 'next'")
        terminal.expect(">> ")
        terminal.send("1\n")
        terminal.expect(">> ")
        terminal.send("\x03")
        terminal.expect("ERROR:  57014: COPY from stdin failed: canceled by user")
        with self.assertRaisesRegex(AssertionError, "it ended before"):
            terminal.expect("next")
        self.assertEqual(terminal.close(), 1)

    def test_branches_that_do_not_run(self):
        terminal = Terminal()
        terminal.expect("dev=# ")
        terminal.send("\\if 0\n")
        terminal.expect("dev@# ")
        terminal.send("SELECT 1/0;\n")
        terminal.expect("query ignored; use \\\\endif or Ctrl-C")
        terminal.send("\\x\n")
        terminal.expect(r"\\x command ignored; use \\endif or Ctrl-C")
        terminal.send("\\else\n")
        terminal.expect("dev=# ")
        terminal.send("\x03")
        terminal.expect(r"\\if: escaped")
        terminal.send("\\endif\n")
        terminal.expect(r"\\endif: no matching \\if")
        self.assertEqual(terminal.close(), 0)

    def test_interrupt_cancels_the_statement(self):
        terminal = Terminal("-q")
        terminal.expect("dev=# ")
        terminal.send("CREATE TABLE g (n INTEGER);\n")
        terminal.expect("dev=# ")
        terminal.send("INSERT INTO g VALUES " + ",".join(f"({i})" for i in range(100)) + ";\n")
        terminal.expect("dev=# ")
        terminal.send("CREATE TABLE h AS SELECT a.n + b.n AS n FROM g a, g b;\n")
        terminal.expect("dev=# ")
        terminal.send("SELECT COUNT(*) FROM h a, h b, h c WHERE a.n + b.n < c.n;\n")
        time.sleep(0.5)  # the statement must be under way; a line that is still read is cleared instead
        terminal.send("\x03")
        terminal.expect("ERROR:  57014: ")
        terminal.expect("dev=# ")
        terminal.send("SELECT 40 + 2;\n")
        terminal.expect(r"42\n\(1 row\)")
        self.assertEqual(terminal.close(), 0)


if __name__ == "__main__":
    VESTO = os.path.abspath(sys.argv.pop(1))
    program = unittest.main(exit=False, verbosity=0)
    result = program.result
    failed = len({str(test) for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
