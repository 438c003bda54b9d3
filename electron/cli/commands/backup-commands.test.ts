import { EventEmitter } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from '../../testing/temp-dir.ts'
import { runCli } from '../run-cli.ts'

const PASSPHRASE = 'a passphrase for tests'

/** The commands with real nodes of their own, in this process. */
describe('on the command line', { timeout: 60_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  const at = (name: string): string => join(folder.dir, name)

  async function cli(argv: string[], home = 'home', env: Record<string, string> = {}, terminal = false) {
    const [out, err]: [string[], string[]] = [[], []]
    const host = Object.assign(new EventEmitter(), {
      platform: process.platform,
      env: { SPACEPANDA_DATA_DIR: at(home), SPACEPANDA_PASSPHRASE: PASSPHRASE, SPACEPANDA_NETWORK: 'loopback', ...env },
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => err.push(text), isTTY: terminal },
    })
    const status = await runCli(argv, host as unknown as NodeJS.Process)
    return { status, out: out.join(''), err: err.join('') }
  }
  const json = async (argv: string[], home = 'home'): Promise<Record<string, unknown>> => {
    const { status, out, err } = await cli(['--json', ...argv], home)
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${out}${err}`)
    return JSON.parse(out) as Record<string, unknown>
  }
  let channelId = ''

  beforeAll(async () => {
    folder = tempDir()
    await json(['init', '--name', 'Ann'])
    const { channels } = (await json(['space', 'create', 'Garden'])) as { channels: { channelId: string }[] }
    channelId = channels[0]?.channelId ?? ''
    await json(['send', '--channel', channelId, 'hello'])
  }, 60_000)
  afterAll(() => folder.remove())

  it('a backup is made, verified and restored in another folder', async () => {
    const file = at('a.spacepanda-backup')
    const counts = expect.objectContaining({ spaces: 1, messages: 1 }) as unknown
    const made = await json(['backup', 'create', file])
    expect(made).toEqual({ file, counts: { spaces: 1, messages: 1, bytes: statSync(file).size } })
    expect(await json(['backup', 'verify', file])).toEqual({ file, createdAt: expect.any(Number) as number, counts })
    expect(await json(['backup', 'verify', file], 'nowhere')).toMatchObject({ counts })
    expect(existsSync(at('nowhere'))).toBe(false)
    expect(await json(['backup', 'restore', file], 'away')).toEqual({ file, counts: made['counts'] })
    const { messages } = await json(['history', '--channel', channelId], 'away')
    expect(messages).toMatchObject([{ text: 'hello', author: { name: 'Ann' } }])
    expect(await json(['backup', 'status'])).toMatchObject({ last: { file }, schedule: null, problem: null, dataFolder: at('home') })
  })

  it.each<[string, string[], string, Record<string, string>, number, string]>([
    ['over a file that is there', ['backup', 'create', 'a.spacepanda-backup'], 'home', {}, 1, 'conflict'],
    ['into a folder that is not', ['backup', 'create', 'none/b'], 'home', {}, 5, 'not-found'],
    ['of nothing', ['backup', 'create', 'b'], 'nowhere', {}, 3, 'no-profile'],
    ['from nothing', ['backup', 'verify', 'missing'], 'home', {}, 5, 'not-found'],
    ['from another file', ['backup', 'verify', 'letter'], 'home', {}, 1, 'unreadable'],
    [
      'with another passphrase',
      ['backup', 'verify', 'a.spacepanda-backup'],
      'nowhere',
      { SPACEPANDA_PASSPHRASE: 'wrong' },
      4,
      'wrong-passphrase',
    ],
    ['over a profile', ['backup', 'restore', 'a.spacepanda-backup'], 'home', {}, 1, 'profile-exists'],
    [
      'by a phrase that is none',
      ['backup', 'restore', 'a.spacepanda-backup', '--recovery-phrase-file', 'letter'],
      'nowhere',
      {},
      4,
      'wrong-recovery-phrase',
    ],
    ['without a file', ['backup', 'create'], 'home', {}, 2, 'usage'],
    ['by a schedule without a folder', ['backup', 'schedule'], 'home', {}, 2, 'usage'],
    ['by a schedule that is off and on', ['backup', 'schedule', '.', '--off'], 'home', {}, 2, 'usage'],
    ['by a schedule into nothing', ['backup', 'schedule', 'none'], 'home', {}, 5, 'not-found'],
    ['so seldom', ['backup', 'schedule', '.', '--every', '900'], 'home', {}, 2, 'usage'],
  ])('no backup is made or read %s', async (_, argv, home, env, status, code) => {
    writeFileSync(at('letter'), 'Dear Ann')
    const named = argv.map((arg) => (['a.spacepanda-backup', 'none/b', 'b', 'missing', 'letter', 'none'].includes(arg) ? at(arg) : arg))
    const ended = await cli(['--json', ...named], home, env)
    expect([ended.status, JSON.parse(ended.out)]).toEqual([status, { error: { code, message: expect.any(String) as string } }])
    expect(readdirSync(folder.dir).filter((name) => name.includes('.tmp'))).toEqual([])
    expect(existsSync(at('nowhere'))).toBe(false)
  })

  it('a restore asks for what opens the backup', async () => {
    const { SPACEPANDA_PASSPHRASE: _, ...rest } = { SPACEPANDA_PASSPHRASE: '' }
    const host = Object.assign(new EventEmitter(), {
      platform: process.platform,
      env: { SPACEPANDA_DATA_DIR: at('nowhere'), ...rest },
      stdout: { write: () => undefined },
      stderr: { write: () => undefined },
    })
    expect(await runCli(['backup', 'restore', at('a.spacepanda-backup')], host as unknown as NodeJS.Process)).toBe(4)
  })

  it('a schedule is set, shown and taken back', async () => {
    const schedule = { folder: folder.dir, everyDays: 3, keep: 2 }
    expect(await json(['backup', 'schedule', folder.dir, '--every', '3', '--keep', '2'])).toMatchObject({ schedule })
    const words = await cli(['backup', 'status'])
    expect(words.out).toContain(`every 3 days while SpacePanda runs, into ${folder.dir}; the newest 2 are kept.`)
    expect(await json(['backup', 'schedule', '--off'])).toMatchObject({ schedule: null })
  })

  it('a channel is exported, to where it is said and over nothing', async () => {
    const file = at('general.json')
    expect(await json(['export', '--channel', channelId, '--format', 'json', '--out', file])).toEqual({
      file,
      counts: { spaces: 1, messages: 1, bytes: statSync(file).size },
    })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ channel: { name: 'general' }, messages: [{ text: 'hello' }] })
    expect((await cli(['export', '--channel', channelId, '--format', 'html', '--out', file])).status).toBe(1)
    expect((await cli(['export', '--channel', 'ab'.repeat(16), '--format', 'html', '--out', at('b')])).status).toBe(5)
    expect((await cli(['export', '--channel', channelId, '--format', 'exe'])).status).toBe(2)
  })

  it('a channel is exported into this folder under its own name where none is said', async () => {
    const before = process.cwd()
    process.chdir(folder.dir)
    try {
      expect(await json(['export', '--channel', channelId, '--format', 'html'])).toMatchObject({
        file: join(process.cwd(), 'general.html'),
      })
    } finally {
      process.chdir(before)
    }
  })

  it('progress is shown on a terminal only, and never beside JSON', async () => {
    const quiet = await cli(['export', '--channel', channelId, '--format', 'html', '--out', at('quiet.html')])
    expect(quiet.err).toBe('')
    expect(quiet.out).toContain('It is not encrypted.')
    const shown = await cli(['backup', 'verify', at('a.spacepanda-backup')], 'nowhere', {}, true)
    expect(shown.err).toMatch(/\r\u001b\[2KVerifying .* ?\r\u001b\[2K$/s)
    const asJson = await cli(['--json', 'backup', 'verify', at('a.spacepanda-backup')], 'nowhere', {}, true)
    expect(asJson.err).toBe('')
  })
})
