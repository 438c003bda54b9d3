import { EventEmitter } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { serveControl } from '../../node/control/control-server.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { runCli } from '../run-cli.ts'

let folder: ReturnType<typeof tempDir>
const stops: (() => unknown)[] = []
beforeEach(() => {
  folder = tempDir()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  folder.remove()
})

const PROFILE = { profileId: 'ab'.repeat(16), name: 'Ann', passphrase: true, recovery: false }
const WORDS = Array.from({ length: 24 }, (_, n) => `word${n}`).join(' ')

/** A node that runs over the folder, answers as told, and keeps what it was asked. */
async function running(answers: Partial<{ [M in keyof Api]: unknown }>) {
  const asked: [string, unknown][] = []
  const api = Object.fromEntries(
    Object.entries(answers).map(([method, answer]) => [
      method,
      async (args: unknown) => {
        asked.push([method, args])
        if (answer instanceof Error) throw answer
        return answer
      },
    ]),
  )
  const server = await serveControl({ api: api as unknown as Api, on: () => () => undefined }, folder.dir, silentLogger)
  stops.push(() => server?.stop())
  return asked
}

async function outcome(argv: string[], env: Record<string, string> = {}) {
  const [out, err]: [string[], string[]] = [[], []]
  const host = Object.assign(new EventEmitter(), {
    platform: process.platform,
    env: { SPACEPANDA_DATA_DIR: folder.dir, ...env },
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  })
  const status = await runCli(argv, host as unknown as NodeJS.Process)
  return { status, out: out.join(''), err: err.join('') }
}

const file = (name: string, content: string): string => {
  const path = join(folder.dir, name)
  writeFileSync(path, content)
  return path
}

describe('over a running node', () => {
  it('lock and unlock do as they say', async () => {
    const asked = await running({ 'profile.lock': { kind: 'locked', passphrase: true, recovery: false }, 'profile.unlock': PROFILE })
    expect(JSON.parse((await outcome(['--json', 'lock'])).out)).toEqual({ locked: true })
    const unlocked = await outcome(['--json', 'unlock'], { SPACEPANDA_PASSPHRASE: 'present one' })
    expect(JSON.parse(unlocked.out)).toEqual({ profileId: PROFILE.profileId, name: 'Ann' })
    expect(asked).toEqual([
      ['profile.lock', {}],
      ['profile.unlock', { passphrase: 'present one' }],
    ])
  })

  it('lock that is refused says why', async () => {
    await running({ 'profile.lock': new AppError('passphrase-required', 'No passphrase.') })
    const { status, out } = await outcome(['--json', 'lock'])
    expect([status, JSON.parse(out)]).toEqual([4, { error: { code: 'passphrase-required', message: 'No passphrase.' } }])
  })

  it('passphrase change hands both on, the new one from its own variable or file', async () => {
    const asked = await running({ 'profile.setPassphrase': PROFILE })
    const env = { SPACEPANDA_PASSPHRASE: 'present one', SPACEPANDA_NEW_PASSPHRASE: 'another one' }
    expect(JSON.parse((await outcome(['--json', 'passphrase', 'change'], env)).out)).toEqual({
      profileId: PROFILE.profileId,
      passphrase: true,
    })
    await outcome(['passphrase', 'change', '--new-passphrase-file', file('new', 'of a file\n')], env)
    expect(asked.map(([, args]) => args)).toEqual([
      { current: 'present one', next: 'another one' },
      { current: 'present one', next: 'of a file' },
    ])
  })

  it('passphrase remove leaves it to the window, which has a keyring', async () => {
    const asked = await running({ 'profile.setPassphrase': { ...PROFILE, passphrase: false } })
    const { out } = await outcome(['--json', 'passphrase', 'remove'], { SPACEPANDA_PASSPHRASE: 'present one' })
    expect(JSON.parse(out)).toEqual({ profileId: PROFILE.profileId, passphrase: false })
    expect(asked).toEqual([['profile.setPassphrase', { current: 'present one', next: null }]])
  })

  it('recovery-phrase make prints the words, numbered for a person, and remove forgets them', async () => {
    await running({ 'profile.makeRecoveryPhrase': { recoveryPhrase: WORDS }, 'profile.removeRecoveryPhrase': PROFILE })
    expect(JSON.parse((await outcome(['--json', 'recovery-phrase', 'make'])).out)).toEqual({ recoveryPhrase: WORDS })
    expect((await outcome(['recovery-phrase', 'make'])).out).toMatch(/^ 1\. word0\n 2\. word1\n[^]*24\. word23\n\nWrite/)
    expect(JSON.parse((await outcome(['--json', 'recovery-phrase', 'remove'])).out)).toEqual({
      profileId: PROFILE.profileId,
      recovery: false,
    })
  })

  it('recover takes the phrase of a file, and the passphrase that is given as the new one', async () => {
    const asked = await running({ 'profile.status': { kind: 'locked' }, 'profile.recover': PROFILE })
    const argv = ['--json', 'recover', '--recovery-phrase-file', file('phrase', `${WORDS}\n`)]
    expect((await outcome(argv, { SPACEPANDA_PASSPHRASE: 'given as usual' })).status).toBe(0)
    expect((await outcome(argv, { SPACEPANDA_PASSPHRASE: 'forgotten', SPACEPANDA_NEW_PASSPHRASE: 'another one' })).status).toBe(0)
    const calls = asked.filter(([method]) => method === 'profile.recover').map(([, args]) => args)
    expect(calls).toEqual([
      { recoveryPhrase: `${WORDS}\n`, passphrase: 'given as usual' },
      { recoveryPhrase: `${WORDS}\n`, passphrase: 'another one' },
    ])
  })

  it('recover by the wrong phrase is the status of a wrong passphrase', async () => {
    await running({ 'profile.status': { kind: 'locked' }, 'profile.recover': new AppError('wrong-recovery-phrase', 'No.') })
    const { status } = await outcome(['--json', 'recover', '--recovery-phrase-file', file('phrase', WORDS)])
    expect(status).toBe(4)
  })
})

describe('what is wrong with a command', () => {
  it.each<[string, string[], Record<string, string>]>([
    ['no new passphrase', ['passphrase', 'change'], { SPACEPANDA_PASSPHRASE: 'present one' }],
    ['a new passphrase that is too short', ['passphrase', 'change'], { SPACEPANDA_NEW_PASSPHRASE: 'short' }],
    ['a file that is not there', ['passphrase', 'change', '--new-passphrase-file', '/nonexistent'], {}],
    ['a phrase file that is not there', ['recover', '--recovery-phrase-file', '/nonexistent'], {}],
    ['a secret as an argument', ['passphrase', 'change', 'my new passphrase'], { SPACEPANDA_NEW_PASSPHRASE: 'long enough' }],
    ['a phrase as arguments', ['recover', 'abandon', 'abandon'], {}],
  ])('%s: status 2, and nothing is made', async (_what, argv, env) => {
    const { status, out, err } = await outcome(argv, env)
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(/\S/)
    expect(readdirSync(folder.dir)).toEqual([])
  })

  it.each([['lock'], ['passphrase', 'remove'], ['recovery-phrase', 'make'], ['recover', '--recovery-phrase-file', 'PHRASE']])(
    'without a profile: status 3 (%s)',
    async (...argv) => {
      const phrase = file('phrase', WORDS)
      const line = argv.map((arg) => (arg === 'PHRASE' ? phrase : arg))
      const { status, out } = await outcome(['--json', ...line], { SPACEPANDA_PASSPHRASE: 'present one' })
      expect([status, JSON.parse(out)]).toMatchObject([3, { error: { code: 'no-profile' } }])
      expect(readdirSync(folder.dir)).toEqual(['phrase'])
    },
  )

  it('unlock where nothing runs has nothing to unlock', async () => {
    expect((await outcome(['unlock'], { SPACEPANDA_PASSPHRASE: 'present one' })).status).toBe(5)
  })
})
