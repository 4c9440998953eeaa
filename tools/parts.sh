#!/bin/sh
# What tests and pictures need beside Python, from Debian's packages: `sh tools/parts.sh chromium webkit office`.
# Installs only what is missing, and only as root; others are told what to install.
set -eu

MISSING=
has_one_of() {
    for program in "$@"; do
        if command -v "$program" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}
for part in "$@"; do
    case "$part" in
        chromium) has_one_of chromium-headless-shell chromium chromium-browser google-chrome || MISSING="$MISSING chromium-headless-shell" ;;
        webkit)
            has_one_of WebKitWebDriver || MISSING="$MISSING webkit2gtk-driver"
            has_one_of Xvfb || MISSING="$MISSING xvfb"
            ;;
        office) # opens .doc, .xls and the like, which the reader of plans knows
            has_one_of soffice libreoffice || MISSING="$MISSING libreoffice-writer-nogui libreoffice-calc-nogui" ;;
        *) printf 'No such part: %s\n' "$part" >&2; exit 2 ;;
    esac
done

if [ -z "$MISSING" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf 'Setting up (once):%s\n' "$MISSING" >&2
    # shellcheck disable=SC2086 -- names of packages, one a word
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $MISSING) >/dev/null
    exit 0
fi
printf 'The tests need%s. Install what is missing (Debian: apt-get install%s) and run the command again.\n' "$MISSING" "$MISSING" >&2
exit 1
