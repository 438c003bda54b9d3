import { posix } from 'node:path'

/** What electron-builder 26 asks fpm for. Anything else is refused, so that nothing is left out unseen. */

/** Said of what was asked for, and not of this machine: asking again will not help. */
export class Refusal extends Error {}

/** fpm's options that have a value → how often they may come. */
const known = /** @type {const} */ ({
  '-s': 'once',
  '-t': 'once',
  '-d': 'many',
  '--rpm-os': 'once',
  '--rpm-compression': 'once',
  '--rpm-summary': 'once',
  '--deb-pre-depends': 'many',
  '--deb-recommends': 'many',
  '--deb-compression': 'once',
  '--deb-priority': 'once',
  '--architecture': 'once',
  '--after-install': 'once',
  '--after-remove': 'once',
  '--description': 'once',
  '--version': 'once',
  '--package': 'once',
  '--name': 'once',
  '--maintainer': 'once',
  '--vendor': 'once',
  '--url': 'once',
  '--category': 'once',
  '--license': 'once',
})

/**
 * @typedef {object} Request
 * @property {'deb' | 'rpm'} kind
 * @property {ReadonlyMap<string, readonly string[]>} options
 * @property {readonly { from: string, to: string, tree: boolean }[]} files tree: the content of a folder
 */

/** @param {readonly string[]} args @returns {Request} */
export const parseRequest = (args) => {
  /** @type {Map<string, string[]>} */
  const options = new Map()
  /** @type {{ from: string, to: string, tree: boolean }[]} */
  const files = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const frequency = Object.entries(known).find(([name]) => name === word)?.[1]
    if (word === '--force') continue
    if (frequency !== undefined) {
      const value = args[++i]
      if (value === undefined) throw new Refusal(`${word} lacks its value`)
      if (frequency === 'once' && options.has(word)) throw new Refusal(`${word} comes twice`)
      options.set(word, [...(options.get(word) ?? []), value])
    } else {
      const [, from, to] = /^([^-=][^=]*)=(\/[^=]+)$/.exec(word) ?? []
      if (from === undefined || to === undefined) throw new Refusal(`not understood: ${word}`)
      if (posix.normalize(to) !== to) throw new Refusal(`not a plain path: ${to}`)
      files.push({ from, to, tree: from.endsWith('/') })
    }
  }
  const one = (/** @type {string} */ name) => options.get(name)?.[0]
  const kind = one('-t')
  if (one('-s') !== 'dir' || (kind !== 'deb' && kind !== 'rpm')) throw new Refusal('only a deb or an rpm from folders can be made')
  const foreign = [...options.keys()].find((name) => name.startsWith(kind === 'deb' ? '--rpm-' : '--deb-'))
  if (foreign !== undefined) throw new Refusal(`not understood for ${kind}: ${foreign}`)
  return { kind, options, files }
}

/** @param {Request['options']} options @param {string} name */
export const needOne = (options, name) => {
  const value = options.get(name)?.[0]
  if (value === undefined) throw new Refusal(`${name} is missing`)
  return value.trim()
}
