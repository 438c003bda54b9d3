import { createHash, randomUUID } from 'node:crypto'
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Applies our corrections of installed packages: each `build/patches/NAME@VERSION.patch`, a unified diff whose file
 * headers carry the SHA-256 of the file before and after. Plain Node 20, no dependencies; run after every installation.
 *
 * A file is either exactly as published (then it is corrected), or exactly as corrected (then it is left alone);
 * anything else is refused and nothing is written. Files are replaced by a rename, in the order of the patch, so that
 * several runs at once, or one that is cut off, leave every file in one of the two states.
 */

/** @typedef {{ lines: string[], at: number }} Hunk `at`: where the old lines begin, counted from 0; lines keep their mark. */
/** @typedef {{ file: string, before: string, after: string, hunks: Hunk[] }} FilePatch */
/** @typedef {{ file: string, outcome: 'corrected' | 'was correct' }} Applied */

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex')

/**
 * @param {string} text
 * @returns {FilePatch[]}
 */
export function parsePatch(text) {
  /** @type {FilePatch[]} */
  const files = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const header = /^--- a\/(\S+)\tsha256:([0-9a-f]{64})$/.exec(lines[i] ?? '')
    if (header?.[1] === undefined || header[2] === undefined) continue
    const target = /^\+\+\+ b\/(\S+)\tsha256:([0-9a-f]{64})$/.exec(lines[i + 1] ?? '')
    if (target?.[2] === undefined || target[1] !== header[1]) throw new Error(`patch: no pair of headers at line ${i + 1}`)
    files.push({ file: header[1], before: header[2], after: target[2], hunks: [] })
    i = readHunks(lines, i + 2, files.at(-1)?.hunks ?? []) - 1
  }
  return files
}

/**
 * Reads hunks from line `i` on; answers the first line that belongs to none.
 * @param {string[]} lines
 * @param {number} i
 * @param {Hunk[]} hunks
 */
function readHunks(lines, i, hunks) {
  for (;;) {
    const start = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[i] ?? '')
    if (start === null) return i
    let [before, after] = [Number(start[2] ?? 1), Number(start[3] ?? 1)]
    // a hunk that only inserts names the line before it
    const hunk = { at: Number(start[1]) - (before === 0 ? 0 : 1), lines: /** @type {string[]} */ ([]) }
    for (i++; before > 0 || after > 0 || lines[i]?.startsWith('\\'); i++) {
      const line = lines[i] ?? ''
      if (line.startsWith('\\')) continue
      if (!/^[ +-]/.test(line)) throw new Error(`patch: hunk ends early at line ${i + 1}`)
      if (line[0] !== '+') before--
      if (line[0] !== '-') after--
      hunk.lines.push(line)
    }
    hunks.push(hunk)
  }
}

/**
 * The corrected text. Throws unless every old line is where the patch says.
 * @param {string} text
 * @param {FilePatch} patch
 */
export function correct(text, patch) {
  const old = text.split('\n')
  /** @type {string[]} */
  const result = []
  let next = 0
  for (const hunk of patch.hunks) {
    result.push(...old.slice(next, hunk.at))
    next = hunk.at
    for (const line of hunk.lines) {
      if (line[0] !== '+' && old[next++] !== line.slice(1)) throw new Error(`${patch.file}: line ${next} is not what the patch expects`)
      if (line[0] !== '-') result.push(line.slice(1))
    }
  }
  const corrected = [...result, ...old.slice(next)].join('\n')
  if (sha256(corrected) !== patch.after) throw new Error(`${patch.file}: corrected, it is not what the patch promises`)
  return corrected
}

/**
 * @param {string} folder of the installed package
 * @param {FilePatch} patch
 */
async function plan(folder, patch) {
  const file = path.join(folder, patch.file)
  const text = await readFile(file, 'utf8')
  const sum = sha256(text)
  if (sum === patch.after) return { file, text: null }
  if (sum !== patch.before) throw new Error(`${file} is neither as published nor as corrected: reinstall the package`)
  return { file, text: correct(text, patch) }
}

/**
 * @param {string} file
 * @param {string} text
 */
async function replace(file, text) {
  const draft = `${file}.${randomUUID()}.tmp`
  try {
    await writeFile(draft, text)
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Applies every patch. Throws, having changed nothing of that package, if it is missing, of another version, or altered.
 * @param {{ patches?: string, modules?: string }} [where] folders; by default ours
 * @returns {Promise<Applied[]>}
 */
export async function applyPatches({ patches = path.join(ROOT, 'build', 'patches'), modules = path.join(ROOT, 'node_modules') } = {}) {
  /** @type {Applied[]} */
  const applied = []
  const names = (await readdir(patches)).filter((name) => name.endsWith('.patch')).sort()
  for (const name of names) {
    const subject = /^(.+)@(\d[^@]*)\.patch$/.exec(name)
    if (subject?.[1] === undefined || subject[2] === undefined) throw new Error(`${name}: expected NAME@VERSION.patch`)
    const folder = path.join(modules, ...subject[1].replace('+', '/').split('/'))
    const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
    if (version !== subject[2]) throw new Error(`${name}: ${version} is installed`)
    const files = parsePatch((await readFile(path.join(patches, name), 'utf8')).replaceAll('\r\n', '\n'))
    if (files.length === 0) throw new Error(`${name}: corrects nothing`)
    const plans = []
    for (const patch of files) plans.push(await plan(folder, patch))
    for (const { file, text } of plans) {
      if (text !== null) await replace(file, text)
      applied.push({ file, outcome: text === null ? 'was correct' : 'corrected' })
    }
  }
  return applied
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const applied = await applyPatches()
  const corrected = applied.filter(({ outcome }) => outcome === 'corrected').length
  console.log(`patches: ${corrected} files corrected, ${applied.length - corrected} were correct already`)
}
