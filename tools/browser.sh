#!/bin/sh
# Chromium, WebKit and a screen for it, for the browser tests, from Debian's packages. Needs nothing where they are.
set -eu

MISSING=
has_one_of() {
    for program in "$@"; do
        if command -v "$program" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}
has_one_of chromium chromium-browser google-chrome || MISSING="$MISSING chromium"
has_one_of WebKitWebDriver || MISSING="$MISSING webkit2gtk-driver"
has_one_of Xvfb || MISSING="$MISSING xvfb"

if [ -z "$MISSING" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf 'Setting up (once):%s for the browser tests\n' "$MISSING" >&2
    # shellcheck disable=SC2086 -- names of packages, one a word
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $MISSING) >/dev/null
    exit 0
fi
printf 'The browser tests need%s. Install what is missing (Debian: apt-get install%s) and run the command again.\n' "$MISSING" "$MISSING" >&2
exit 1
