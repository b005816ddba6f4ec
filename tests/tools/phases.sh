# Sourced by tests/run.sh and .ci/run: numbered phases, and one sum of what passed and failed.
#   phase "Build"; tally 3 0; tally_line "3 passed, 0 failed"; finish
total_passed=0
total_failed=0
started=$SECONDS

phase() {
  printf '\n=== %s (%d:%02d)\n' "$1" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))
}

tally() {
  total_passed=$((total_passed + $1))
  total_failed=$((total_failed + $2))
}

# Adds the numbers of a line that holds "N passed, N failed"; a line without counts as one failure.
tally_line() {
  if [[ "$1" =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
    tally "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
  else
    tally 0 1
  fi
}

# Runs one command; it counts as one test.
check() {
  if "$@"; then tally 1 0; else
    echo "FAILED: $*"
    tally 0 1
  fi
}

# Runs ctest in a build folder with more options, and counts what its programs count.
run_ctest() {
  local folder=$1 junit
  shift
  junit=$folder/ctest.xml
  rm -f "$junit"
  ctest --test-dir "$folder" --output-junit ctest.xml --test-output-size-passed 1000000 \
    --test-output-size-failed 1000000 --no-tests=ignore "$@" | grep -v '^ *Start ' || true
  if [ ! -f "$junit" ]; then
    echo "FAILED: ctest wrote no results"
    tally 0 1
    return
  fi
  local counted
  counted=$(python3 "$(dirname "${BASH_SOURCE[0]}")/count.py" "$junit")
  echo "$counted"
  tally_line "$(tail -n 1 <<<"$counted")"
}

# Runs slt_runner with more options, showing failures and its summary.
run_slt() {
  local runner=$1 output
  shift
  echo "slt_runner $*"
  output=$("$runner" "$@" 2>&1) || true
  # A crash loses the summary: show why.
  echo "$output" | tail -n 200
  tally_line "$(tail -n 1 <<<"$output")"
}

finish() {
  printf '\nfinished after %d:%02d\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))
  echo "$total_passed passed, $total_failed failed"
  [ "$total_failed" -eq 0 ]
}
