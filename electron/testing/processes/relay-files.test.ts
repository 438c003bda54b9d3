import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tempDir } from '../temp-dir.ts'
import { streamWith } from './command-line.ts'

/** What an operator copies: docs/network.md, "Run your own relay". */
const relayFiles = join(import.meta.dirname, '..', '..', '..', 'build', 'relay')
const UNIT = join(relayFiles, 'spacepanda-relay.service')
const SECTION = /^## Run your own relay[^]*?(?=^## )/m

const lineOf = (file: string, name: string): string => {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(name))
  if (line === undefined) throw new Error(`${name} is there`)
  return line.slice(name.length).trim()
}
const page = () => SECTION.exec(readFileSync(join(relayFiles, '..', '..', 'docs', 'network.md'), 'utf8'))?.[0] ?? ''

const hasIpv6 = Object.values(networkInterfaces()).some((found) => found?.some(({ address }) => address === '::1'))

/** The words after the program, with places of a test's own: any port, and the loopback interface, as far as there is one. */
function harmless(words: readonly string[]): { relay: string[]; listens: number } {
  const isLost = (word: string | undefined): boolean => word?.startsWith('/ip6/') === true && !hasIpv6
  const relay = words.slice(words.indexOf('relay')).filter((word, i, all) => !isLost(word) && !(word === '--listen' && isLost(all[i + 1])))
  const free = relay.map((word, i) => {
    if (relay[i - 1] === '--metrics') return '0'
    return word
      .replace('/ip4/0.0.0.0/', '/ip4/127.0.0.1/')
      .replace('/ip6/::/', '/ip6/::1/')
      .replace(/\/tcp\/\d+/, '/tcp/0')
  })
  return { relay: free, listens: free.filter((word) => word === '--listen').length }
}

let folder: ReturnType<typeof tempDir>
beforeEach(() => {
  folder = tempDir()
})
afterEach(() => folder.remove())

describe('what a relay operator copies', { timeout: 60_000 }, () => {
  it.each([
    ['the unit for systemd', () => lineOf(UNIT, 'ExecStart=').split(' ')],
    ['the container', () => JSON.parse(lineOf(join(relayFiles, 'Containerfile'), 'ENTRYPOINT')) as string[]],
    ['the page about it', () => (/`spacepanda ([^`]* relay [^`]*)`/.exec(page())?.[1] ?? '').split(' ')],
    [
      'the container, with a mailbox',
      () => [...(JSON.parse(lineOf(join(relayFiles, 'Containerfile'), 'ENTRYPOINT')) as string[]), '--mailbox'],
    ],
  ])('starts a relay as it stands, and ends it by SIGTERM: %s', async (_, wordsOf) => {
    const words = wordsOf()
    const { relay, listens } = harmless(words)
    expect(words).toContain('--data-dir')
    const running = streamWith({ SPACEPANDA_NETWORK: '' }, folder.dir, ...relay)
    const ready = await running.next(({ event }) => event === 'ready')
    expect((ready['addresses'] as string[]).length).toBeGreaterThanOrEqual(listens)
    expect(ready['mailbox']).toBe(relay.includes('--mailbox'))
    expect(typeof ready['metrics']).toBe(relay.includes('--metrics') ? 'number' : 'object')
    const stopped = running.next(({ event }) => event === 'stopped')
    expect(await running.stop('SIGTERM')).toBe(0)
    await stopped
  })

  it('is a unit that systemd understands, each line of it, where there is a systemd to ask', () => {
    const asked = spawnSync('systemd-analyze', ['verify', '--man=no', UNIT], { encoding: 'utf8' })
    const said = asked.error === undefined ? `${asked.stdout}${asked.stderr}` : ''
    // The program it starts is not installed here.
    const complaints = said.split('\n').filter((line) => line.includes(UNIT) || /unknown|ignoring|bad|failed to parse/i.test(line))
    expect(complaints.filter((line) => !line.includes('not executable') && !line.includes('/usr/bin/spacepanda'))).toEqual([])
  })
})
