#!/bin/sh
# Programs the tests use besides Python: a browser, a PDF reader, an office suite, a French spell-checker.
# Installed where we may (Debian, root); elsewhere, say what is missing: the tests that need it will fail and say so.
missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need chromium chromium
need pdftoppm poppler-utils
need soffice "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
need hunspell "hunspell hunspell-fr"
fc-list 2>/dev/null | grep -qi liberation || missing="$missing fonts-liberation"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
fi
echo "À installer pour que tous les tests passent :$missing" >&2
exit 0
