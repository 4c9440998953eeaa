#!/bin/sh
# Builds the wheel and imports it from another folder, with nothing of this one on the path.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
uv=.tools/bin/uv
[ -x "$uv" ] || uv=$(command -v uv)

"$uv" build --quiet --wheel --out-dir "$scratch/dist" --python .venv/bin/python
"$uv" venv --quiet --python .venv/bin/python "$scratch/env"
"$uv" export --quiet --frozen --no-dev --no-emit-project --format requirements-txt >"$scratch/requirements.txt"
"$uv" pip install --quiet --python "$scratch/env/bin/python" -r "$scratch/requirements.txt" "$scratch"/dist/*.whl
cd "$scratch"
"$scratch/env/bin/python" -I - "$root" <<'PY'
import importlib
import pkgutil
import sys

rooms = ["domain", "storage", "notifications", "reports", "plans", "services", "tasks", "flows", "web", "cli"]
for room in rooms:
    package = importlib.import_module(room)
    assert not package.__path__[0].startswith(sys.argv[1]), f"{room} comes from the checkout"
    for module in pkgutil.walk_packages(package.__path__, room + "."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
print("wheel: every module of every room imports from another folder")
PY
"$scratch/env/bin/sucharit" plan read "$("$scratch/env/bin/python" -c 'from plans.examples import plan_2566; print(plan_2566().plan)')" >/dev/null
echo "wheel: reads the example plan"
