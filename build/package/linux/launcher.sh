#!/bin/sh
# The command `spacepanda`: the window without arguments or with a link, the command line with anything else.
# A command opens no page and draws nothing, so that Chromium's sandbox (which has none for root) and its helper
# processes are not started; electron/entry.ts opens no window after --command-line.
program=/opt/SpacePanda/spacepanda
case "${1-}" in
  '') [ $# -eq 0 ] && exec "$program" ;;
  [Ss][Pp][Aa][Cc][Ee][Pp][Aa][Nn][Dd][Aa]:*) exec "$program" "$@" ;;
esac
exec "$program" --command-line --no-sandbox --no-zygote --disable-gpu --log-level=3 -- "$@"
