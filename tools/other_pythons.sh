#!/bin/sh
# Runs the tests on the Pythons of other Debian releases, each in a chroot of its own: `sh tools/other_pythons.sh trixie sid`.
# TESTS chooses what is run, OTHER_PYTHONS where the chroots are kept (some 2 GB each). A chroot is made once and used again.
set -eu

TESTS=${TESTS:-tests/domain tests/storage tests/services tests/plans tests/notifications tests/reports tests/web tests/api}
KEPT=${OTHER_PYTHONS:-/var/cache/sucharit-pythons}
PACKAGES="ca-certificates git libreoffice-calc-nogui libreoffice-writer-nogui make python3 python3-venv tzdata"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

[ "$(id -u)" = 0 ] || fail "Only root can make a chroot: run this as root, on a machine with Debian's apt."
command -v apt-get >/dev/null 2>&1 || fail "There is no apt-get: the mirror of Debian is taken from its sources."
# A mount namespace of our own, and low priority: what is mounted below goes with this process, however it ends.
[ -n "${OTHER_PYTHONS_APART:-}" ] || exec env OTHER_PYTHONS_APART=1 unshare --mount nice -n 15 sh "$0" "$@"

cd "$(dirname "$0")/.."
if ! command -v debootstrap >/dev/null 2>&1; then
    say "Setting up (once): debootstrap"
    (apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap) >/dev/null
fi
MIRROR=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' | head -n 1)
[ -n "$MIRROR" ] || fail "apt knows no mirror of Debian: put one into its sources, run apt-get update, then this again."
UV=uv==$(sed -n 's/^UV_VERSION=//p' tools/bootstrap.sh)

inside() {
    root=$1
    shift
    chroot "$root" env -u VIRTUAL_ENV -u PYTHONPATH -u PIP_FIND_LINKS HOME=/root LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

make_chroot() {
    release=$1
    root=$2
    [ ! -e "$root/.complete" ] || return 0
    rm -rf "$root"
    say "Setting up (once): Debian $release in $root"
    debootstrap --variant=minbase "$release" "$root" "$MIRROR" >"$root.log" 2>&1 || fail "debootstrap failed: $root.log says why."
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # What the machine asks of apt, a proxy or an old clock, holds for the same mirror in there.
    apt-config dump | grep -E '^Acquire::(https?|Check)' >"$root/etc/apt/apt.conf.d/99machine" || true
    # shellcheck disable=SC2086 -- names of packages, one a word
    (inside "$root" apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive inside "$root" apt-get install -y -qq --no-install-recommends $PACKAGES) \
        >>"$root.log" 2>&1 || fail "The packages could not be installed: $root.log says why."
    touch "$root/.complete"
}

mount_into() {
    root=$1
    mount --bind /proc "$root/proc"
    mount --rbind /dev "$root/dev"
    # The certificates that this machine trusts, its own authority too.
    mount --bind /etc/ssl/certs "$root/etc/ssl/certs"
}

copy_tree() {
    # What git knows, as it lies here: neither an environment nor a folder of data.
    mkdir -p "$1"
    find "$1" -mindepth 1 -maxdepth 1 ! -name .venv ! -name .uv -exec rm -rf {} +
    git -c safe.directory='*' ls-files -z | tar --null --files-from=- --ignore-failed-read --create --file=- |
        tar --extract --directory "$1" --file=-
}

run_tests() {
    # A Python that pyproject.toml does not admit yet is admitted in the copy: the lock keeps its versions.
    cat >"$1/srv/run.sh" <<'INSIDE'
set -eu
cd /srv/sucharit
[ -x .uv/bin/uv ] || { python3 -m venv .uv && .uv/bin/python -m pip install --quiet --quiet "$UV"; }
bound=$(sed -n 's/^requires-python = ".*<3\.\([0-9]*\)"$/\1/p' pyproject.toml)
minor=$(python3 -c 'import sys; print(sys.version_info.minor)')
if [ "$minor" -ge "$bound" ]; then
    sed -i "s/^\(requires-python = \".*<3\.\)[0-9]*\"/\1$((minor + 1))\"/" pyproject.toml
    .uv/bin/uv lock --quiet --python python3
fi
.uv/bin/uv sync --quiet --frozen --python python3
git init --quiet . # some tests ask git which files there are
git add --all
.venv/bin/python --version
# shellcheck disable=SC2086 -- paths, one a word
exec .venv/bin/pytest -q -p no:cacheprovider --numprocesses auto --maxprocesses 2 --dist loadfile $TESTS
INSIDE
    inside "$1" UV="$UV" TESTS="$TESTS" sh /srv/run.sh
}

mkdir -p "$KEPT"
RESULT=0
for release in "${@:-trixie}"; do
    make_chroot "$release" "$KEPT/$release"
    mount_into "$KEPT/$release"
    copy_tree "$KEPT/$release/srv/sucharit"
    printf 'Debian %s: ' "$release"
    run_tests "$KEPT/$release" || RESULT=1
done
exit "$RESULT"
