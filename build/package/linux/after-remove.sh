#!/bin/sh
# Profiles are people's own, in their home folders: nothing here touches them (docs/install.md says how to delete one).
set -e
if command -v update-desktop-database >/dev/null 2>&1; then
  update-desktop-database -q /usr/share/applications || true
fi
