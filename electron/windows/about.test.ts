import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAbout } from './about.ts'

test('while developing there are no licences to show, and the runtime is the one it runs in', async () => {
  expect(await readAbout(null)).toMatchObject({
    commit: null,
    kind: 'development',
    runtime: { node: process.versions.node },
    licences: null,
  })
})

test('a package shows the licences that lie beside it, and goes on without if they are gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'about-'))
  try {
    expect((await readAbout(folder)).licences).toBeNull()
    await writeFile(join(folder, 'licences.txt'), 'somebody: MIT')
    expect((await readAbout(folder)).licences).toBe('somebody: MIT')
  } finally {
    await rm(folder, { recursive: true })
  }
})
