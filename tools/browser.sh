#!/bin/sh
# Chromium for the browser tests, from Debian's packages. Needs nothing where one is there already.
set -eu

for program in chromium chromium-browser google-chrome; do
    if command -v "$program" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    printf 'Setting up (once): Chromium for the browser tests\n' >&2
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) >/dev/null
    exit 0
fi
printf 'The browser tests need Chromium. Install it (Debian: apt-get install chromium) and run the command again.\n' >&2
exit 1
