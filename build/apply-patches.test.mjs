import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyPatches, parsePatch } from './apply-patches.mjs'

/** @param {string} text */
const sha = (text) => createHash('sha256').update(text).digest('hex')

const before = { a: 'one\ntwo\nthree\n', b: 'x\ny' }
const after = { a: 'one\n2\nthree\nfour\n', b: 'w\nx\ny' }

const patch = `What it is for.

--- a/lib/a.js\tsha256:${sha(before.a)}
+++ b/lib/a.js\tsha256:${sha(after.a)}
@@ -1,3 +1,4 @@
 one
-two
+2
 three
+four
--- a/b.js\tsha256:${sha(before.b)}
+++ b/b.js\tsha256:${sha(after.b)}
@@ -1,2 +1,3 @@
+w
 x
 y
\\ No newline at end of file
`

/** @type {string} */
let root
/** @type {{ patches: string, modules: string }} */
let where

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'patches-'))
  where = { patches: path.join(root, 'patches'), modules: path.join(root, 'modules') }
  await mkdir(where.patches)
  await mkdir(path.join(where.modules, 'thing', 'lib'), { recursive: true })
  await writeFile(path.join(where.modules, 'thing', 'package.json'), JSON.stringify({ version: '1.0.0-rc.1' }))
  await install(before)
  await writeFile(path.join(where.patches, 'thing@1.0.0-rc.1.patch'), patch)
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** @param {{ a: string, b: string }} files */
async function install(files) {
  await writeFile(path.join(where.modules, 'thing', 'lib', 'a.js'), files.a)
  await writeFile(path.join(where.modules, 'thing', 'b.js'), files.b)
}

async function installed() {
  const read = (/** @type {string} */ name) => readFile(path.join(where.modules, 'thing', name), 'utf8')
  return { a: await read('lib/a.js'), b: await read('b.js') }
}

const outcomes = async () => (await applyPatches(where)).map(({ outcome }) => outcome)

describe('applying patches', () => {
  it('corrects once, and finds it done the next time', async () => {
    expect(await outcomes()).toEqual(['corrected', 'corrected'])
    expect(await installed()).toEqual(after)
    expect(await outcomes()).toEqual(['was correct', 'was correct'])
    expect(await installed()).toEqual(after)
    expect((await readdir(path.join(where.modules, 'thing'))).sort()).toEqual(['b.js', 'lib', 'package.json'])
  })

  it('goes on where a run was cut off', async () => {
    await install({ a: after.a, b: before.b })
    expect(await outcomes()).toEqual(['was correct', 'corrected'])
    expect(await installed()).toEqual(after)
  })

  it('runs twice at once', async () => {
    await Promise.all([applyPatches(where), applyPatches(where), applyPatches(where)])
    expect(await installed()).toEqual(after)
  })

  it('reads a patch that was checked out with other line ends', async () => {
    await writeFile(path.join(where.patches, 'thing@1.0.0-rc.1.patch'), patch.replaceAll('\n', '\r\n'))
    await applyPatches(where)
    expect(await installed()).toEqual(after)
  })

  it('refuses a source that is neither, before it touches anything', async () => {
    await install({ a: before.a, b: `${before.b} ` })
    await expect(applyPatches(where)).rejects.toThrow('neither as published nor as corrected')
    expect((await installed()).a).toBe(before.a)
  })

  it('refuses another version, a missing package, and a patch that does not give what it promises', async () => {
    await writeFile(path.join(where.patches, 'thing@1.0.0-rc.1.patch'), patch.replace(sha(after.b), sha('other')))
    await expect(applyPatches(where)).rejects.toThrow('not what the patch promises')
    expect(await installed()).toEqual(before)
    await writeFile(path.join(where.patches, 'thing@1.0.0-rc.1.patch'), patch)
    await writeFile(path.join(where.modules, 'thing', 'package.json'), JSON.stringify({ version: '1.0.0' }))
    await expect(applyPatches(where)).rejects.toThrow('1.0.0 is installed')
    await rm(path.join(where.modules, 'thing'), { recursive: true })
    await expect(applyPatches(where)).rejects.toThrow('ENOENT')
  })

  it('refuses a patch it cannot read', () => {
    expect(() => parsePatch(patch.replace(' three', '!three'))).toThrow('hunk ends early')
    expect(() => parsePatch(patch.replace('+++ b/b.js', '+++ b/c.js'))).toThrow('no pair of headers')
    expect(parsePatch('nothing')).toEqual([])
  })
})

describe('the patches of this project', () => {
  it('are applied to what is installed here', async () => {
    const applied = await applyPatches()
    expect(applied.length).toBeGreaterThan(10)
    expect(applied.every(({ outcome }) => outcome === 'was correct')).toBe(true)
  })
})
