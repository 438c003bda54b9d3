#!/bin/sh
# Installs an update as root: install-update.sh FILE SHA512. Called by the program itself, through pkexec, after it verified
# what the makers signed (electron/updater). FILE lies where an ordinary user can write, so it is copied to where only root
# can, and the copy is what is looked at and installed. 40: other bytes than signed. 41: dpkg did not install it.
set -eu
umask 077
file=$1
sha512=$2
folder=$(mktemp -d) || exit 41
trap 'rm -rf "$folder"' EXIT
cp -- "$file" "$folder/spacepanda.deb" || exit 41
printf '%s  %s\n' "$sha512" "$folder/spacepanda.deb" | sha512sum --check --status || exit 40
DEBIAN_FRONTEND=noninteractive dpkg --install "$folder/spacepanda.deb" || exit 41
