import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'
import { licenceTextOf, linkedParts, titleOf } from './linked.mjs'

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

/** Packages that have the text of their licence in another one of the same makers. */
const textsElsewhere = [{ is: /^node_modules\/@node-datachannel\//, place: 'node_modules/node-datachannel' }]

/** What many packages name and do not bring; they may be used under it. */
const mit = `MIT License

Copyright (c) the authors of these packages

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

/** @param {ShippedPackage} about @returns {Promise<string[]>} none when there is no text to be had */
const licenceTexts = async ({ place, license }) => {
  const folder = textsElsewhere.find(({ is }) => is.test(place))?.place ?? place
  const names = (await readdir(join(root, folder))).filter((name) => /^(?:licen[cs]e|copying|notice)/i.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(root, folder, name), 'utf8').catch(() => '')))
  const found = texts.map((text) => text.replaceAll('\r\n', '\n').trim()).filter((text) => text !== '')
  return found.length === 0 && /\bMIT\b/.test(license) ? [mit] : found
}

const rule = '-'.repeat(80)

/** Each name and version once, wherever it is installed. @param {readonly ShippedPackage[]} packages */
const distinct = (packages) => [...new Map(packages.map((about) => [`${about.name} ${about.version}`, about])).values()]

/**
 * What the licences of others ask us to pass on: a list of packages and of what is compiled into them, and the texts below,
 * each once. Throws for a package without one.
 * @param {readonly ShippedPackage[]} packages
 * @param {string} electronVersion
 */
export const thirdPartyNotices = async (packages, electronVersion) => {
  /** @type {Map<string, Set<string>>} */
  const users = new Map()
  const note = (/** @type {string} */ text, /** @type {string} */ user) => users.set(text, (users.get(text) ?? new Set()).add(user))
  const sorted = distinct(packages).sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'))
  for (const about of sorted) {
    const texts = await licenceTexts(about)
    if (texts.length === 0)
      throw new SetupError(`${about.name} ${about.version} (${about.license}) brings no text of its licence: find it and add it.`)
    for (const text of texts) note(text, `${about.name} ${about.version}`)
    for (const part of linkedParts(about)) note(await licenceTextOf(part), titleOf(part))
  }
  const list = sorted.flatMap((about) => [
    `${about.name} ${about.version}: ${about.license}`,
    ...linkedParts(about).map((part) => `  inside it, ${titleOf(part)}: ${part.license} (source code: ${part.source})`),
  ])
  return [
    'SpacePanda contains software of others, under these licences.',
    '',
    `Electron ${electronVersion}: MIT (LICENSE.electron.txt); Chromium and what it contains: LICENSES.chromium.html`,
    ...list,
    '',
    ...[...users].flatMap(([text, names]) => [rule, [...names].join(', '), '', text, '']),
  ].join('\n')
}

/** @param {string} name */
export const isInstalled = (name) => existsSync(join(root, 'node_modules', name, 'package.json'))
