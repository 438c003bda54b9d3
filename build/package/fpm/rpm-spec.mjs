import { posix } from 'node:path'
import { Refusal, needOne } from './request.mjs'

/** @typedef {import('./request.mjs').Request} Request */

/** What may be written in %files as it stands: rpm takes blanks, quotes and brackets there for something else. */
const plainPath = /^\/[\w.+/-]+$/

/** What ends a field, or hides in one. */
const control = /\p{Cc}/u

/** rpm expands macros everywhere, in scripts too. @param {string} text */
const escaped = (text) => text.replaceAll('%', '%%')

/** Several lines below a heading. One that begins with % would be the next heading, escaped or not. @param {string} what @param {string} text */
const body = (what, text) => {
  if (/^\s*%/m.test(text)) throw new Refusal(`${what} has a line that begins with %`)
  return escaped(text.trim())
}

/** A field is a line, and ends where the line does. @param {string} name @param {string} value */
const field = (name, value) => {
  if (control.test(value)) throw new Refusal(`${name} has several lines, or a control character`)
  if (value.endsWith('\\')) throw new Refusal(`${name} ends with a backslash, which would go on in the next line`)
  return `${name}: ${escaped(value)}`
}

/** How rpm lists a file. Texts that belong to a licence stay where somebody leaves documentation out. @param {string} path */
const listed = (path) => (path.startsWith('/usr/share/licenses/') ? `%license ${path}` : path)

/**
 * The spec file: what rpm is to know of a tree that is laid out already.
 * @param {Request} request
 * @param {{ afterInstall: string | null, afterRemove: string | null }} scripts
 */
export const specText = ({ options, files }, { afterInstall, afterRemove }) => {
  const one = (/** @type {string} */ option) => options.get(option)?.[0]?.trim() ?? ''
  const name = needOne(options, '--name')
  const description = needOne(options, '--description')
  /** @type {(readonly [string, string])[]} */
  const fields = [
    ['Name', name],
    ['Version', needOne(options, '--version')],
    ['Release', '1'],
    ['Summary', one('--rpm-summary') || (description.split('\n')[0] ?? '')],
    // rpm wants one said.
    ['License', one('--license') || 'unknown'],
    ['Group', one('--category')],
    ['Vendor', one('--vendor')],
    ['Packager', needOne(options, '--maintainer')],
    ['URL', needOne(options, '--url')],
    ['AutoReqProv', 'no'],
    ...(options.get('-d') ?? []).map((what) => /** @type {const} */ (['Requires', what])),
  ]
  const strange = files.find(({ to }) => !plainPath.test(to))
  if (strange) throw new Refusal(`a path that an rpm cannot have: ${strange.to}`)
  // A folder named after the package is its own, and goes with it; what others use is nobody's.
  const own = new Set(files.map(({ to }) => posix.dirname(to)).filter((folder) => posix.basename(folder) === name))
  const script = (/** @type {string} */ section, /** @type {string | null} */ text) =>
    text === null ? [] : ['', `%${section}`, body(`the script for %${section}`, text)]
  return [
    ...fields.filter(([, value]) => value !== '').map(([title, value]) => field(title, value)),
    '',
    '%description',
    body('the description', description),
    ...script('post', afterInstall),
    ...script('postun', afterRemove),
    '',
    '%files',
    '%defattr(-,root,root,-)',
    ...[...own].map((folder) => `%dir ${folder}`),
    ...files.map(({ to }) => listed(to)),
    '',
  ].join('\n')
}
