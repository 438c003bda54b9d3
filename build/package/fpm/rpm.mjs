import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, settleTimes, withTree } from './package-tree.mjs'
import { Refusal, needOne } from './request.mjs'
import { specText } from './rpm-spec.mjs'

/** @typedef {import('./request.mjs').Request} Request */

/** How electron-builder names a compression → rpmbuild's payload. Always two threads: how many a machine has must not show in the bytes. */
const payloads = /** @type {const} */ ({ gzip: 'w1.gzdio', xzmt: 'w6T2.xzdio' })

/** How electron-builder names an architecture → rpm's name. */
const architectures = /** @type {const} */ ({ amd64: 'x86_64', x86_64: 'x86_64', arm64: 'aarch64', aarch64: 'aarch64' })

/**
 * @template T
 * @param {Readonly<Record<string, T>>} known @param {Request['options']} options @param {string} option
 */
const oneOf = (known, options, option) => {
  const asked = needOne(options, option)
  const found = Object.entries(known).find(([name]) => name === asked)?.[1]
  if (found === undefined) throw new Refusal(`not understood: ${option} ${asked}`)
  return found
}

/** @param {string | undefined} file */
const read = async (file) => (file === undefined ? null : await readFile(file, 'utf8'))

/**
 * Nothing is looked into, stripped, compressed or linked to: what is packed is what was tested. And nothing of the machine is
 * written down: when, or where.
 * @param {string} work @param {string} payload
 */
const settings = (work, payload) => ({
  _topdir: work,
  _tmppath: work,
  _rpmdir: work,
  _dbpath: join(work, 'db'),
  _rpmfilename: 'made.rpm',
  _binary_payload: payload,
  _buildhost: 'reproducible',
  use_source_date_epoch_as_buildtime: '1',
  clamp_mtime_to_source_date_epoch: '1',
  source_date_epoch_from_changelog: '0',
  __os_install_post: '%{nil}',
  __spec_install_pre: '%{nil}',
  debug_package: '%{nil}',
  _build_id_links: 'none',
})

/** @param {Request} request */
export const makeRpm = async ({ kind, options, files }) => {
  const payload = oneOf(payloads, options, '--rpm-compression')
  const arch = oneOf(architectures, options, '--architecture')
  if ((options.get('--rpm-os')?.[0] ?? 'linux') !== 'linux') throw new Refusal('an rpm is made for Linux only')
  const spec = specText(
    { kind, options, files },
    { afterInstall: await read(options.get('--after-install')?.[0]), afterRemove: await read(options.get('--after-remove')?.[0]) },
  )
  if (tmpdir().includes('%')) throw new Refusal(`rpm would take a part of ${tmpdir()} for a macro: set TMPDIR to another folder`)
  const target = needOne(options, '--package')
  await withTree(files, async (tree) => {
    settleTimes(tree)
    const work = await mkdtemp(join(tmpdir(), 'spacepanda-rpm-'))
    try {
      const file = join(work, 'package.spec')
      await writeFile(file, spec)
      const defines = Object.entries(settings(work, payload)).flatMap(([name, value]) => ['--define', `${name} ${value}`])
      // Somebody's own settings (~/.rpmmacros) are not for this package.
      const env = { ...process.env, HOME: work, XDG_CONFIG_HOME: work }
      call('rpmbuild', ['-bb', '--quiet', '--noclean', '--target', `${arch}-linux`, '--buildroot', tree, ...defines, file], env)
      // rename(2) does not leave a file system.
      call('mv', ['--force', '--', join(work, 'made.rpm'), target])
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  })
}
