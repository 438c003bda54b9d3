#!/usr/bin/env node
/**
 * Stands in for fpm where it cannot be fetched (electron-builder asks CUSTOM_FPM_PATH): makes a deb of what electron-builder
 * asks fpm for, with Debian's own dpkg-deb. Only what electron-builder 26 asks for is understood; anything else is refused,
 * so that nothing is left out unseen.
 */
import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** fpm's options that have a value → how often they may come. */
const known = /** @type {const} */ ({
  '-s': 'once',
  '-t': 'once',
  '-d': 'many',
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
  if (one('-s') !== 'dir' || one('-t') !== 'deb') throw new Error('only a deb from folders can be made')
  return { options, files }
}

/**
 * The text of DEBIAN/control.
 * @param {Request['options']} options @param {number} installedKiB
 */
export const controlText = (options, installedKiB) => {
  const need = (/** @type {string} */ name) => {
    const value = options.get(name)?.[0]
    if (value === undefined) throw new Error(`${name} is missing`)
    return value.trim()
  }
  const [synopsis = '', ...more] = need('--description')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const list = (/** @type {string} */ name) => (options.get(name) ?? []).join(', ')
  const fields = {
    Package: need('--name'),
    Version: need('--version'),
    Architecture: need('--architecture'),
    Maintainer: need('--maintainer'),
    'Installed-Size': String(installedKiB),
    'Pre-Depends': list('--deb-pre-depends'),
    Depends: list('-d'),
    Recommends: list('--deb-recommends'),
    Section: options.get('--category')?.[0] ?? 'net',
    Priority: options.get('--deb-priority')?.[0] ?? 'optional',
    Homepage: need('--url'),
    Description: [synopsis, ...more.map((line) => ` ${line}`)].join('\n'),
  }
  const wrong = Object.entries(fields).find(([name, value]) => name !== 'Description' && value.includes('\n'))
  if (wrong) throw new Error(`${wrong[0]} has several lines`)
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}\n`]))
    .join('')
}

/** @param {string} program @param {readonly string[]} args */
const call = (program, args) => {
  const done = spawnSync(program, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${program}: ${done.error?.message ?? done.stderr}`)
  return done.stdout
}

/** @param {Request} request */
export const makeDeb = async ({ options, files }) => {
  const tree = await mkdtemp(join(tmpdir(), 'spacepanda-deb-'))
  try {
    for (const { from, to, tree: whole } of files) {
      const place = join(tree, to)
      await mkdir(whole ? place : dirname(place), { recursive: true, mode: 0o755 })
      if (whole) call('cp', ['-a', `${resolve(from)}/.`, place])
      else await cp(from, place, { preserveTimestamps: true })
    }
    // Whoever builds may have a stricter umask than whoever installs can use.
    call('chmod', ['-R', 'u+rwX,go+rX,go-w', tree])
    const kib = Number(call('du', ['-sk', '--apparent-size', tree]).split('\t')[0])
    const about = join(tree, 'DEBIAN')
    await mkdir(about, { mode: 0o755 })
    await writeFile(join(about, 'control'), controlText(options, kib))
    for (const [option, name] of /** @type {const} */ ([
      ['--after-install', 'postinst'],
      ['--after-remove', 'postrm'],
    ])) {
      const script = options.get(option)?.[0]
      if (script === undefined) continue
      await cp(script, join(about, name))
      await chmod(join(about, name), 0o755)
    }
    // Same content, same bytes: when a file was unpacked here is nobody's business.
    const { SOURCE_DATE_EPOCH } = process.env
    if (SOURCE_DATE_EPOCH !== undefined)
      call('find', [tree, '-exec', 'touch', '--no-dereference', `--date=@${SOURCE_DATE_EPOCH}`, '{}', '+'])
    const compression = options.get('--deb-compression')?.[0] === 'gz' ? ['-Zgzip', '-z1'] : ['-Zxz']
    await rm(options.get('--package')?.[0] ?? '', { force: true })
    call('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, options.get('--package')?.[0] ?? ''])
  } finally {
    await rm(tree, { recursive: true, force: true })
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await makeDeb(parseRequest(process.argv.slice(2))).catch((/** @type {unknown} */ error) => {
    process.stderr.write(`fpm-adapter: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
