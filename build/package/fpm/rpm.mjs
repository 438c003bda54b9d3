import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { call, settleTimes, withTree } from './package-tree.mjs'
import { needOne } from './request.mjs'

/** @typedef {import('./request.mjs').Request} Request */

/** How electron-builder names a compression → rpmbuild's payload. Always two threads: how many there are must not tell in the bytes. */
const payloads = /** @type {const} */ ({ gzip: 'w1.gzdio', xzmt: 'w6T2.xzdio' })

/** What may be written in a spec file as it stands: rpm takes blanks, quotes and brackets in names for something else. */
const plainPath = /^\/[\w.+/-]+$/

/** rpm expands macros everywhere, in scripts too. @param {string} text */
const escaped = (text) => text.replaceAll('%', '%%')

/** A line that begins so would begin a section of the spec file. @param {string} what @param {string} text */
const body = (what, text) => {
  if (/^\s*%/m.test(text)) throw new Error(`${what} has a line that begins with %`)
  return escaped(text.trim())
}

/**
 * The spec file: what rpm is to know of a tree that is laid out already.
 * @param {Pick<Request, 'options' | 'files'>} request
 * @param {{ afterInstall: string | null, afterRemove: string | null }} scripts
 */
export const specText = ({ options, files }, { afterInstall, afterRemove }) => {
  const name = needOne(options, '--name')
  const description = needOne(options, '--description')
  const fields = {
    Name: name,
    Version: needOne(options, '--version'),
    Release: '1',
    Summary: options.get('--rpm-summary')?.[0] ?? (description.split('\n')[0] ?? '').trim(),
    // rpm wants one said.
    License: options.get('--license')?.[0] ?? 'unknown',
    Vendor: options.get('--vendor')?.[0] ?? '',
    Packager: needOne(options, '--maintainer'),
    URL: needOne(options, '--url'),
    AutoReqProv: 'no',
  }
  const all = [...Object.entries(fields), ...(options.get('-d') ?? []).map((one) => /** @type {const} */ (['Requires', one]))]
  const wrong = all.find(([, value]) => value.includes('\n'))
  if (wrong) throw new Error(`${wrong[0]} has several lines`)
  const strange = files.find(({ to }) => !plainPath.test(to))
  if (strange) throw new Error(`a path that an rpm cannot have: ${strange.to}`)
  // A folder of the package's own is its to remove; what others use is nobody's.
  const own = new Set(files.filter((file) => !file.tree && basename(dirname(file.to)) === name).map(({ to }) => `%dir ${dirname(to)}`))
  const script = (/** @type {string} */ section, /** @type {string | null} */ text) =>
    text === null ? [] : ['', `%${section}`, body(`the script for ${section}`, text)]
  return [
    ...all.flatMap(([field, value]) => (value === '' ? [] : [`${field}: ${escaped(value)}`])),
    '',
    '%description',
    body('the description', description),
    ...script('post', afterInstall),
    ...script('postun', afterRemove),
    '',
    '%files',
    '%defattr(-,root,root,-)',
    ...own,
    ...files.map(({ to }) => to),
    '',
  ].join('\n')
}

/** @param {string | undefined} file */
const read = async (file) => (file === undefined ? null : await readFile(file, 'utf8'))

/** @param {Request} request */
export const makeRpm = ({ options, files }) =>
  withTree(files, async (tree) => {
    const compression = Object.entries(payloads).find(([name]) => name === needOne(options, '--rpm-compression'))
    if (compression === undefined) throw new Error(`not understood: --rpm-compression ${needOne(options, '--rpm-compression')}`)
    const target = resolve(needOne(options, '--package'))
    const scripts = {
      afterInstall: await read(options.get('--after-install')?.[0]),
      afterRemove: await read(options.get('--after-remove')?.[0]),
    }
    const spec = specText({ options, files }, scripts)
    settleTimes(tree)
    const work = await mkdtemp(join(tmpdir(), 'spacepanda-rpm-'))
    try {
      await writeFile(join(work, 'package.spec'), spec)
      const set = {
        _topdir: work,
        _tmppath: work,
        _rpmdir: work,
        _rpmfilename: 'made.rpm',
        _binary_payload: compression[1],
        _buildhost: 'reproducible',
        use_source_date_epoch_as_buildtime: '1',
        // Nothing is to be looked into, stripped, compressed or linked to: what is packed is what was tested.
        __os_install_post: '%{nil}',
        __spec_install_pre: '%{nil}',
        debug_package: '%{nil}',
        _build_id_links: 'none',
      }
      const defines = Object.entries(set).flatMap(([name, value]) => ['--define', `${name} ${value}`])
      const arch = `${needOne(options, '--architecture')}-linux`
      call('rpmbuild', ['-bb', '--quiet', '--noclean', '--target', arch, '--buildroot', tree, ...defines, join(work, 'package.spec')])
      await rm(target, { force: true })
      call('mv', [join(work, 'made.rpm'), target])
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  })
