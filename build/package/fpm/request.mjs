/** What electron-builder asks fpm for, as far as it does. Anything else is refused, so that nothing is left out unseen. */

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
      if (value === undefined) throw new Error(`${word} lacks its value`)
      if (frequency === 'once' && options.has(word)) throw new Error(`${word} comes twice`)
      options.set(word, [...(options.get(word) ?? []), value])
    } else {
      const [, from, to] = /^([^-=][^=]*)=(\/[^=]+)$/.exec(word) ?? []
      if (from === undefined || to === undefined) throw new Error(`not understood: ${word}`)
      files.push({ from, to, tree: from.endsWith('/') })
    }
  }
  const one = (/** @type {string} */ name) => options.get(name)?.[0]
  const kind = one('-t')
  if (one('-s') !== 'dir' || (kind !== 'deb' && kind !== 'rpm')) throw new Error('only a deb or an rpm from folders can be made')
  const foreign = [...options.keys()].find((name) => name.startsWith(kind === 'deb' ? '--rpm-' : '--deb-'))
  if (foreign !== undefined) throw new Error(`not understood for ${kind}: ${foreign}`)
  return { kind, options, files }
}

/** @param {Request['options']} options @param {string} name */
export const needOne = (options, name) => {
  const value = options.get(name)?.[0]
  if (value === undefined) throw new Error(`${name} is missing`)
  return value.trim()
}
