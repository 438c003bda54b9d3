import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fuseStates } from './fuses.mjs'
import { resources } from './stage.mjs'

/** @typedef {import('electron-builder').Configuration} Configuration */

/** @param {string} name */
const linuxFile = (name) => fileURLToPath(new URL(`linux/${name}`, import.meta.url))

/** @param {string} name */
const windowsFile = (name) => fileURLToPath(new URL(`windows/${name}`, import.meta.url))

/** The languages of Chromium's own words that are kept: those the window speaks. */
export const languages = ['en-US']

/**
 * What Chromium links against, by Debian's names: where a release renamed one, both. To be there beforehand (Pre-Depends): what a package merely
 * depends on dpkg looks for after it has unpacked it, so an update that needs something new would leave a program that does not run, and a
 * system whose package manager does nothing else before that is mended.
 * Recommended is what opens links, and the keyring that guards the profile's key.
 */
const debDepends = [
  'libgtk-3-0t64 | libgtk-3-0',
  'libnss3',
  'libasound2t64 | libasound2',
  'libgbm1',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libdrm2',
  'libxkbcommon0',
]
const debRecommends = ['xdg-utils', 'libsecret-1-0', 'libnotify4']
const rpmDepends = ['gtk3', 'nss', 'alsa-lib', 'mesa-libgbm', 'at-spi2-core', 'libdrm', 'libxkbcommon', 'xdg-utils']

/**
 * @param {object} facts
 * @param {import('./stage.mjs').Stage} facts.stage
 * @param {string} facts.electronVersion
 * @param {string} facts.output
 * @param {readonly import('./wishes.mjs').PackageTarget[]} facts.targets
 * @param {boolean} facts.release
 * @returns {Configuration}
 */
export const builderConfig = ({ stage, electronVersion, output, targets, release }) => {
  const sign = release && process.platform !== 'linux'
  const only = (/** @type {readonly string[]} */ names) => /** @type {any[]} */ (targets.filter((target) => names.includes(target)))
  return {
    appId: 'app.spacepanda.desktop',
    productName: 'SpacePanda',
    copyright: 'The SpacePanda makers',
    directories: { app: stage.app, output, buildResources: resources },
    electronDist: stage.electron,
    electronVersion,
    electronLanguages: languages,
    // The stage holds what belongs in, node_modules too: false says that nothing is to be fetched, compiled or pruned.
    beforeBuild: () => Promise.resolve(false),
    // In a set of its own: from the first one electron-builder leaves node_modules out.
    files: ['**/*', { from: 'node_modules', to: 'node_modules', filter: ['**/*'] }],
    asar: true,
    asarUnpack: ['**/*.node'],
    extraResources: [{ from: stage.extra, to: '.' }],
    // Changing a program breaks the signature that it came with; a release gets a real one, anything else a new one like it.
    electronFuses: { ...fuseStates, resetAdHocDarwinSignature: !sign },
    // Where there is no certificate, a release fails; on Linux nobody asks for one.
    forceCodeSigning: sign,
    // Uploading is a step of the release workflow, after everything was checked and signed (docs/releasing.md).
    publish: null,
    protocols: [{ name: 'SpacePanda invitation', schemes: ['spacepanda'] }],
    linux: {
      target: only(['AppImage', 'deb', 'rpm']),
      executableName: 'spacepanda',
      syncDesktopName: true,
      icon: join(resources, 'icons'),
      category: 'Network;InstantMessaging;',
      synopsis: 'End-to-end encrypted group chat without a server',
      description:
        'Spaces and channels for groups. Computers talk to each other directly; nobody in between holds messages, members or contacts.',
      desktop: { entry: { Keywords: 'chat;messenger;encrypted;', StartupNotify: 'true' } },
    },
    // With what mounts it inside: the older ones need libfuse2, which current systems no longer have.
    toolsets: { appimage: '1.0.3' },
    // What an entry in a menu starts it with: no sandbox, if left to electron-builder.
    appImage: { executableArgs: [] },
    deb: {
      packageCategory: 'net',
      depends: [],
      recommends: debRecommends,
      afterInstall: linuxFile('after-install.sh'),
      afterRemove: linuxFile('after-remove.sh'),
      // Minutes of compressing save a third of the size: worth it for what many download.
      compression: release ? 'xz' : 'gz',
      fpm: [
        ...debDepends.flatMap((name) => ['--deb-pre-depends', name]),
        `${linuxFile('launcher.sh')}=/usr/bin/spacepanda`,
        `${linuxFile('copyright')}=/usr/share/doc/spacepanda/copyright`,
        `${linuxFile('app.spacepanda.desktop.policy')}=/usr/share/polkit-1/actions/app.spacepanda.desktop.policy`,
      ],
    },
    rpm: {
      depends: rpmDepends,
      compression: release ? 'xzmt' : 'gzip',
      afterInstall: linuxFile('after-install.sh'),
      afterRemove: linuxFile('after-remove.sh'),
      fpm: [`${linuxFile('launcher.sh')}=/usr/bin/spacepanda`, `${linuxFile('copyright')}=/usr/share/licenses/spacepanda/copyright`],
    },
    win: {
      target: only(['nsis']),
      icon: join(resources, 'icon.ico'),
      extraResources: ['spacepanda.cmd', 'path.ps1'].map((name) => ({ from: windowsFile(name), to: `command/${name}` })),
    },
    nsis: {
      // Of its own accord both processors' would have one name, of which a release keeps one; and a space becomes a dot where releases are published.
      artifactName: 'SpacePanda-Setup-${version}-${arch}.${ext}',
      oneClick: true,
      perMachine: false,
      deleteAppDataOnUninstall: false,
      include: windowsFile('installer.nsh'),
    },
    mac: {
      target: only(['dmg', 'zip']),
      icon: join(resources, 'icon.icns'),
      category: 'public.app-category.social-networking',
      hardenedRuntime: true,
      entitlements: join(resources, 'entitlements.mac.plist'),
      entitlementsInherit: join(resources, 'entitlements.mac.plist'),
      notarize: sign,
    },
  }
}
