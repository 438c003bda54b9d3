import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'

/** @typedef {{ place: string, name: string, version: string, license: string }} ShippedPackage place: as `node_modules/…`, the key of package-lock.json */

/**
 * The package a bundled file belongs to, as its place below the checkout; null for our own files.
 * @param {string} input a name of esbuild's metafile
 */
export const placeOf = (input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? null

/** @param {string} place @returns {Promise<ShippedPackage>} */
const describe = async (place) => {
  /** @type {{ name: string, version: string, license?: string | { type?: string } }} */
  const about = JSON.parse(await readFile(join(root, place, 'package.json'), 'utf8'))
  const license = typeof about.license === 'object' ? about.license.type : about.license
  return { place, name: about.name, version: about.version, license: license ?? 'see its text' }
}

/**
 * The packages of which something is in the product: whatever the bundler read, and the native ones.
 * @param {readonly string[]} inputs names of esbuild's metafiles
 * @param {readonly string[]} nativePackages names at the top of node_modules
 */
export const shippedPackages = async (inputs, nativePackages) => {
  const places = new Set(
    [...inputs.map(placeOf), ...nativePackages.map((name) => `node_modules/${name}`)].filter((place) => place !== null),
  )
  return Promise.all([...places].sort().map(describe))
}

/** @param {string} place @returns {Promise<string[]>} */
const licenceTexts = async (place) => {
  const names = (await readdir(join(root, place))).filter((name) => /^(?:licen[cs]e|copying|notice)/i.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(root, place, name), 'utf8').catch(() => '')))
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).filter((text) => text !== '')
}

const rule = '-'.repeat(80)

/**
 * What the licences of others ask us to pass on: a list, and the texts below, each once.
 * @param {readonly ShippedPackage[]} packages
 * @param {string} electronVersion
 */
export const thirdPartyNotices = async (packages, electronVersion) => {
  /** @type {Map<string, string[]>} */
  const users = new Map()
  for (const { place, name, version } of packages)
    for (const text of await licenceTexts(place)) users.set(text, [...(users.get(text) ?? []), `${name} ${version}`])
  const list = packages.map(({ name, version, license }) => `${name} ${version}: ${license}`)
  return [
    'SpacePanda contains software of others, under these licences.',
    '',
    `Electron ${electronVersion}: MIT (LICENSE.electron.txt); Chromium and what it contains: LICENSES.chromium.html`,
    ...list,
    '',
    ...[...users].flatMap(([text, names]) => [rule, names.join(', '), '', text, '']),
  ].join('\n')
}

/** Packages whose licence text was nowhere in them. @param {readonly ShippedPackage[]} packages */
export const withoutText = async (packages) => {
  const found = await Promise.all(packages.map(async (about) => ({ about, texts: await licenceTexts(about.place) })))
  return found.filter(({ texts }) => texts.length === 0).map(({ about }) => about)
}

/** @param {string} name */
export const isInstalled = (name) => existsSync(join(root, 'node_modules', name, 'package.json'))
