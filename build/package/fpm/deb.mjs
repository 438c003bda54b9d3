import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { call, openToAll, settleTimes, withTree } from './package-tree.mjs'
import { Refusal, needOne } from './request.mjs'

/** @typedef {import('./request.mjs').Request} Request */

/**
 * The text of DEBIAN/control.
 * @param {Request['options']} options @param {number} installedKiB
 */
export const controlText = (options, installedKiB) => {
  const [synopsis = '', ...more] = needOne(options, '--description')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const list = (/** @type {string} */ name) => (options.get(name) ?? []).join(', ')
  const fields = {
    Package: needOne(options, '--name'),
    Version: needOne(options, '--version'),
    Architecture: needOne(options, '--architecture'),
    Maintainer: needOne(options, '--maintainer'),
    'Installed-Size': String(installedKiB),
    'Pre-Depends': list('--deb-pre-depends'),
    Depends: list('-d'),
    Recommends: list('--deb-recommends'),
    Section: options.get('--category')?.[0] ?? 'net',
    Priority: options.get('--deb-priority')?.[0] ?? 'optional',
    Homepage: needOne(options, '--url'),
    Description: [synopsis, ...more.map((line) => ` ${line}`)].join('\n'),
  }
  const wrong = Object.entries(fields).find(([name, value]) => name !== 'Description' && value.includes('\n'))
  if (wrong) throw new Refusal(`${wrong[0]} has several lines`)
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}\n`]))
    .join('')
}

/** @param {Request} request */
export const makeDeb = ({ options, files }) =>
  withTree(files, async (tree) => {
    const kib = Number(call('du', ['-sk', '--apparent-size', tree]).split('\t')[0])
    const about = join(tree, 'DEBIAN')
    await mkdir(about)
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
    openToAll(about)
    settleTimes(tree)
    const compression = options.get('--deb-compression')?.[0] === 'gz' ? ['-Zgzip', '-z1'] : ['-Zxz']
    const target = needOne(options, '--package')
    await rm(target, { force: true })
    call('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, target])
  })
