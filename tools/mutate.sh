#!/usr/bin/env bash
# Changes a module in every way that mutmut knows, one at a time, and says which changes its tests do
# not notice: tools/mutate.sh MODULE.py TEST.py [TEST.py ...]. Works in a copy, so nothing is touched.
# Of a long module, a fifth: ONLY='*[38]' tools/mutate.sh ... (the changes whose numbers end so).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
module=$1; shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/lrcn_desktop" "$root/training" "$root/tests" "$root/pyproject.toml" "$work"
mkdir "$work/mutants"
for name in assets packaging tools README.md; do  # what tests look into
    ln -s "$root/$name" "$work/$name"
    ln -s "$root/$name" "$work/mutants/$name"
done
ln -s "$root/../shared" "$work/shared"  # the clips, where the tests look for them
tests=$(printf '"%s", ' "$@")
cat >> "$work/pyproject.toml" << END

[tool.mutmut]
source_paths = ["lrcn_desktop", "training"]
only_mutate = ["$module"]
also_copy = ["pyproject.toml"]
pytest_add_cli_args_test_selection = [$tests]
pytest_add_cli_args = ["-p", "no:xdist", "-p", "no:cacheprovider", "--timeout", "600"]
END
cd "$work"
export OMP_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen LRCN_EXAMPLES=${LRCN_EXAMPLES:-15}
python=${PYTHON:-python}
"$python" -m mutmut run --max-children "${JOBS:-1}" "${ONLY:-*}"
"$python" -m mutmut results | awk -F': *' '/__mutmut_/ && $2 !~ /not checked|timeout/ { print $1 }' | while read -r name; do
    "$python" -m mutmut show "$name"
done
