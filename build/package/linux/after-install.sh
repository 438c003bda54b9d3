#!/bin/sh
# Chromium's sandbox for ordinary users where the kernel or AppArmor forbids user namespaces: the helper has to be root's
# and setuid. The deb carries it so already; packagers that lose the bit get it back here.
set -e
helper=/opt/SpacePanda/chrome-sandbox
chown root:root "$helper"
chmod 4755 "$helper"
# Links of the kind spacepanda: find the program by this list. Debian does it by itself, other systems may not.
if command -v update-desktop-database >/dev/null 2>&1; then
  update-desktop-database -q /usr/share/applications || true
fi
