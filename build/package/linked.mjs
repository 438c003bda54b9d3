import { readFile } from 'node:fs/promises'
import { SetupError } from '../setup/progress.mjs'

/**
 * Software of others that is compiled into packages we ship, and that npm knows nothing of. Kept by hand, for one version of
 * each package: `linked.test.ts` fails when package-lock.json has another one, and looks into the binaries for what says its
 * version there. libjuice, usrsctp and plog say none: theirs are what libdatachannel's tag pins, by what others record who build
 * it. Microsoft's runtime is in what is built for Windows and has no text to pass on.
 */

/**
 * license: an SPDX expression; source: where its source code is to be had, which the MPL asks us to say; text: a file in `linked/`;
 * mark: what only this version says of itself in a binary.
 * @typedef {{ name: string, version: string | null, license: string, purl: string, source: string, text: string, cpe?: string, mark?: string }} LinkedPart
 */
/** @typedef {{ name: string, version: string, parts: readonly LinkedPart[] }} Holder an npm package with something inside */

/** Header code; which version it was is said nowhere. @type {LinkedPart} */
const nodeAddonApi = {
  name: 'node-addon-api',
  version: null,
  license: 'MIT',
  purl: 'pkg:npm/node-addon-api',
  source: 'https://github.com/nodejs/node-addon-api',
  text: 'node-addon-api.txt',
}

/** What libdatachannel 0.24.5 is and brings, on all systems. @type {readonly LinkedPart[]} */
const webrtc = [
  {
    name: 'libdatachannel',
    version: '0.24.5',
    license: 'MPL-2.0',
    purl: 'pkg:github/paullouisageneau/libdatachannel@v0.24.5',
    source: 'https://github.com/paullouisageneau/libdatachannel/tree/v0.24.5',
    text: 'mpl-2.0.txt',
    mark: '0.24.5',
  },
  {
    name: 'libjuice',
    version: '1.7.2',
    license: 'MPL-2.0',
    purl: 'pkg:github/paullouisageneau/libjuice@v1.7.2',
    source: 'https://github.com/paullouisageneau/libjuice/tree/3c40a3545b6b1b62c7adee7f8f2bd58aa290afd6',
    text: 'mpl-2.0.txt',
  },
  {
    // A fork, which calls itself 0.9.5.0 and is later than that.
    name: 'usrsctp',
    version: '0.9.5.0',
    license: 'BSD-3-Clause',
    purl: 'pkg:github/paullouisageneau/usrsctp@fec583d54493f879d2ae44a743423bf8a04371ab',
    source: 'https://github.com/paullouisageneau/usrsctp/tree/fec583d54493f879d2ae44a743423bf8a04371ab',
    text: 'usrsctp.txt',
  },
  {
    name: 'libsrtp',
    version: '2.8.0',
    license: 'BSD-3-Clause',
    purl: 'pkg:github/cisco/libsrtp@v2.8.0',
    source: 'https://github.com/cisco/libsrtp/tree/v2.8.0',
    text: 'libsrtp.txt',
    mark: 'libsrtp2 2.8.0',
  },
  {
    // Some commits after 1.1.10.
    name: 'plog',
    version: '1.1.10',
    license: 'MIT',
    purl: 'pkg:github/sergiusthebest/plog@94899e0b926ac1b0f4750bfbd495167b4a6ae9ef',
    source: 'https://github.com/SergiusTheBest/plog/tree/94899e0b926ac1b0f4750bfbd495167b4a6ae9ef',
    text: 'plog.txt',
  },
  nodeAddonApi,
]

/** Each system's build has the one that was there when it was made. @param {string} version @returns {LinkedPart} */
const openssl = (version) => ({
  name: 'OpenSSL',
  version,
  license: version.startsWith('1.') ? 'OpenSSL' : 'Apache-2.0',
  purl: `pkg:generic/openssl@${version}`,
  source: `https://github.com/openssl/openssl/tree/${version.startsWith('1.') ? `OpenSSL_${version.replaceAll('.', '_')}` : `openssl-${version}`}`,
  text: version.startsWith('1.') ? 'openssl-1.1.1.txt' : 'apache-2.0.txt',
  cpe: `cpe:2.3:a:openssl:openssl:${version}:*:*:*:*:*:*:*`,
  mark: `OpenSSL ${version} `,
})

/** libstdc++ and libgcc, linked statically on Linux. @type {LinkedPart} */
const gccRuntime = {
  name: 'GCC runtime libraries',
  version: '10.2.1',
  license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
  purl: 'pkg:generic/gcc@10.2.1',
  source: 'https://gcc.gnu.org/',
  text: 'gcc-runtime-exception.txt',
  mark: 'GCC: (Debian 10.2.1-6) 10.2.1',
}

/** @type {readonly LinkedPart[]} */
const database = [
  {
    name: 'SQLite',
    version: '3.53.4',
    license: 'blessing',
    purl: 'pkg:generic/sqlite@3.53.4',
    source: 'https://sqlite.org/src',
    text: 'sqlite.txt',
    cpe: 'cpe:2.3:a:sqlite:sqlite:3.53.4:*:*:*:*:*:*:*',
    mark: '3.53.4',
  },
  {
    name: 'SQLite3 Multiple Ciphers',
    version: '2.4.0',
    license: 'MIT',
    purl: 'pkg:github/utelle/sqlite3multipleciphers@v2.4.0',
    source: 'https://github.com/utelle/SQLite3MultipleCiphers/tree/v2.4.0',
    text: 'sqlite3-multiple-ciphers.txt',
    mark: 'SQLite3 Multiple Ciphers 2.4.0',
  },
  ...[
    { name: 'libaegis', license: 'MIT', purl: 'pkg:github/jedisct1/libaegis', text: 'libaegis.txt' },
    { name: 'Argon2 reference code', license: 'CC0-1.0 OR Apache-2.0', purl: 'pkg:github/p-h-c/phc-winner-argon2', text: 'argon2.txt' },
    { name: 'SHA-2 by Olivier Gay', license: 'BSD-3-Clause', purl: 'pkg:generic/sha2-gay', text: 'sha2-gay.txt' },
  ].map((part) => ({ ...part, version: null, source: 'https://github.com/utelle/SQLite3MultipleCiphers/tree/v2.4.0/src' })),
  nodeAddonApi,
]

/** Its C code becomes WebAssembly; of that we use Argon2. @type {LinkedPart} */
const blake2 = {
  name: 'BLAKE2 reference code',
  version: null,
  license: 'CC0-1.0 OR OpenSSL OR Apache-2.0',
  purl: 'pkg:github/blake2/blake2',
  source: 'https://github.com/Daninet/hash-wasm/tree/master/src',
  text: 'blake2.txt',
}

/** @type {readonly Holder[]} */
export const holders = [
  ...[
    { platform: 'linux-x64-gnu', own: [openssl('1.1.1w'), gccRuntime] },
    { platform: 'linux-arm64-gnu', own: [openssl('1.1.1w'), gccRuntime] },
    { platform: 'darwin-x64', own: [openssl('3.3.1')] },
    { platform: 'darwin-arm64', own: [openssl('3.6.3')] },
    { platform: 'win32-x64-msvc', own: [openssl('3.6.4')] },
    { platform: 'win32-arm64-msvc', own: [openssl('3.6.4')] },
  ].map(({ platform, own }) => ({ name: `@node-datachannel/${platform}`, version: '0.33.4', parts: [...webrtc, ...own] })),
  { name: 'better-sqlite3-multiple-ciphers', version: '13.0.3', parts: database },
  { name: 'hash-wasm', version: '4.13.0', parts: [blake2] },
]

/**
 * What is inside a package; nothing for one that is not on the list. Throws for another version than the list was made for.
 * @param {{ name: string, version: string }} about
 */
export const linkedParts = ({ name, version }) => {
  const holder = holders.find((one) => one.name === name)
  if (holder !== undefined && holder.version !== version)
    throw new SetupError(
      `${name} is ${version}, and what is compiled into it was listed for ${holder.version}: see build/package/linked.mjs.`,
    )
  return holder?.parts ?? []
}

/** @param {LinkedPart} part */
export const titleOf = ({ name, version }) => (version === null ? name : `${name} ${version}`)

/** @param {LinkedPart} part */
export const licenceTextOf = async ({ text }) => (await readFile(new URL(`linked/${text}`, import.meta.url), 'utf8')).trim()
