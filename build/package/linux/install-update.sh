#!/bin/sh
# Installs an update as root: install-update.sh FILE SHA512. Called by the program itself, through pkexec, after it verified
# what the makers signed (electron/updater). FILE lies where an ordinary user can write, so it is copied to where only root
# can, and the copy is what is looked at and installed. 40: other bytes than signed. 41: dpkg did not install it.
# Where the same version or a later one is installed by now, by another account or by the system, that stays.
set -eu
umask 077
file=$1
sha512=$2
folder=$(mktemp -d) || exit 41
trap 'rm -rf "$folder"' EXIT
cp -- "$file" "$folder/spacepanda.deb" || exit 41
printf '%s  %s\n' "$sha512" "$folder/spacepanda.deb" | sha512sum --check --status || exit 40
next=$(dpkg-deb --field "$folder/spacepanda.deb" Version) || exit 41
# 2 is what dpkg ends with where another one is at work: for a minute it is waited for, and then looked at anew.
tries=30
while :; do
  installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Version}' spacepanda 2>/dev/null) || installed=
  case "$installed" in
    'installed '*) dpkg --compare-versions "$next" gt "${installed#installed }" || exit 0 ;;
  esac
  status=0
  DEBIAN_FRONTEND=noninteractive dpkg --install "$folder/spacepanda.deb" || status=$?
  [ "$status" -eq 0 ] && exit 0
  [ "$status" -eq 2 ] && [ "$tries" -gt 0 ] || exit 41
  tries=$((tries - 1))
  sleep 2
done
