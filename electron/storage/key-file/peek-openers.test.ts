import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createKeyFile, readKeyFile } from './key-file.ts'
import { peekOpeners, wrapKinds } from './peek-openers.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'peek-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('sees of a real key file what the close look sees', async () => {
  await createKeyFile(dir, { passphrase: 'correct horse', vault: null }, { workMs: 1 })
  expect(readKeyFile(dir)).toEqual({ passphrase: true, recovery: false, keyring: false })
  expect(peekOpeners(dir)).toEqual({ recovery: false })
})

it.each([
  ['a passphrase and a recovery phrase', ['passphrase', 'recovery'], { recovery: true }],
  ['the keyring', ['keyring'], null],
  ['the keyring, whatever else', ['keyring', 'passphrase', 'recovery'], null],
  ['a recovery phrase alone', ['recovery'], null],
  ['nothing', [], null],
])('guesses by the kinds alone: %s', (_, kinds, expected) => {
  writeFileSync(join(dir, 'profile.json'), JSON.stringify({ wraps: kinds.map((kind) => ({ kind })) }))
  expect(peekOpeners(dir)).toEqual(expected)
})

it.each(['', '{', 'null', '[]', '7', '{"wraps":7}', '{"wraps":[null,7,{"kind":7},[]]}'])(
  'of what is no key file it sees nothing: %s',
  (content) => {
    expect(wrapKinds(content)).toEqual([])
  },
)

it('and nothing where there is none', () => {
  expect(peekOpeners(dir)).toBeNull()
  expect(peekOpeners(join(dir, 'absent'))).toBeNull()
})
