import { describe, expect, it } from 'vitest'
import { connectionChecks } from '../../../shared/domain/connection-check.ts'
import type { ConnectionCheck } from '../../../shared/domain/connection-check.ts'
import { checkRemedyEn, checkSaysEn } from '../../../shared/words/connection-en.ts'
import { UNREACHED } from '../../ports/network.ts'
import { judgeChoice, judgeDevice, judgeOutside, judgePeople, judgeRelay } from './judge.ts'
import { waysOf } from './people.ts'

const codes = (checks: readonly ConnectionCheck[]) => checks.map(({ code }) => code)
const online = { ...UNREACHED, networks: 2, nearby: 0 }
const listening = ['/ip4/192.168.1.7/tcp/4001/p2p/A', '/ip4/10.0.0.7/tcp/4001/p2p/A', '/ip4/192.168.1.7/udp/4002/webrtc-direct/p2p/A']
const relayed = '/ip4/203.0.113.7/tcp/4009/p2p/R/p2p-circuit/p2p/A'

describe('the device', () => {
  it('is in order on a network, and says once which ports it listens at, not those of relays', () => {
    const checks = judgeDevice(online, [...listening, relayed])
    expect(codes(checks)).toEqual(['device-online', 'listening', 'nearby-nobody'])
    expect(checks[1]?.values).toEqual({ ports: 'TCP 4001, UDP 4002' })
  })

  it('is offline with nothing but itself', () => {
    expect(codes(judgeDevice({ ...online, networks: 0 }, ['/ip4/127.0.0.1/tcp/4001/p2p/A']))[0]).toBe('device-offline')
  })

  it('listens nowhere where the network did not start, also if a relay is said to be a way', () => {
    expect(codes(judgeDevice(online, []))[1]).toBe('listening-nowhere')
    expect(codes(judgeDevice(online, [relayed]))[1]).toBe('listening-nowhere')
  })

  it('was not looked at where it was started for this computer alone', () => {
    expect(codes(judgeDevice({ ...UNREACHED, confined: true }, listening))).toEqual(['device-confined', 'listening', 'nearby-off'])
  })

  it('counts whom it met', () => {
    expect(judgeDevice({ ...online, nearby: 3 }, listening)[2]).toMatchObject({ code: 'nearby-met', values: { number: 3 } })
  })
})

describe('a relay', () => {
  it('that does not answer is asked for nothing more', () => {
    expect(codes(judgeRelay('abcdef', { kind: 'no-answer', why: 'no-way' }, 'reachable'))).toEqual(['relay-no-way'])
  })

  it('that is none keeps no mailbox that anybody could miss', () => {
    expect(codes(judgeRelay('abcdef', { kind: 'answers', ms: 12, place: 'no-relay' }, 'none'))).toEqual(['relay-answers', 'place-no-relay'])
  })

  it('without a place may keep a mailbox all the same', () => {
    const checks = judgeRelay('abcdef', { kind: 'answers', ms: 12, place: 'refused' }, 'full')
    expect(checks.map(({ code, status, relay }) => [code, status, relay])).toEqual([
      ['relay-answers', 'ok', 'abcdef'],
      ['place-refused', 'failed', 'abcdef'],
      ['mailbox-full', 'warning', 'abcdef'],
    ])
  })
})

it('says why no relay is tried, and nothing of the outside where nobody shall come from there', () => {
  expect([judgeChoice('local', 2), judgeChoice('relays', 0), judgeChoice('public', 1)].map(codes)).toEqual([
    ['relays-unused'],
    ['relays-none'],
    [],
  ])
  expect(judgeOutside('local', 'confirmed')).toEqual([])
  expect(codes(judgeOutside('public', 'opened'))).toEqual(['outside-opened'])
})

it('tells nobody to reach from nobody reached', () => {
  const bob = { name: 'Bob', lastSeenAt: null, letInAt: null, ways: { near: 0, far: 0, relayed: 0 } }
  expect(judgePeople(0, []).code).toBe('people-none')
  expect(judgePeople(0, [bob])).toMatchObject({ code: 'people-away', status: 'warning', values: { of: 1 }, away: [bob] })
  expect(judgePeople(2, [bob])).toMatchObject({ code: 'people-connected', status: 'ok', values: { number: 2, of: 3 }, away: [bob] })
})

it('counts by what kinds of addresses somebody is looked for, each once, and beyond the local network only if that is allowed', () => {
  const rows = [{ addresses: ['/ip4/192.168.1.9/tcp/1', '/ip4/203.0.113.9/tcp/1', relayed] }, { addresses: [relayed] }]
  expect(waysOf(rows, 'relays', [])).toEqual({ near: 1, far: 1, relayed: 1 })
  expect(waysOf(rows, 'local', [])).toEqual({ near: 1, far: 0, relayed: 0 })
  expect(waysOf(rows, 'public', [{ family: 4, address: '203.0.113.200' }])).toEqual({ near: 2, far: 0, relayed: 1 })
})

it('has a remedy for everything that is not in order, and ends each sentence', () => {
  for (const [code, status] of Object.entries(connectionChecks)) {
    const remedy = checkRemedyEn[code as keyof typeof checkRemedyEn]
    if (status === 'failed' || status === 'warning') expect([code, remedy]).not.toEqual([code, ''])
    for (const words of [remedy, checkSaysEn[code as keyof typeof checkSaysEn]]) expect(words).toMatch(/^$|\.$/)
  }
})
