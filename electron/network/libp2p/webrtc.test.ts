import type { WebRTCTransportDirectInit, WebRTCTransportInit } from '@libp2p/webrtc'
import { describe, expect, it } from 'vitest'
import { relayOf, stunServers } from './relay-address.ts'
import { webRTCDirect, webRTCIntroduced } from './webrtc.ts'

const KEY = '12D3KooWGufyn6222uiArs6K7LjPYJmSw5uqx53JEpMtf4D3RDk4'

/** What libp2p makes of the configuration it is given (`getRtcConfiguration`): without a list it asks servers of strangers. */
const configuration = async ({ rtcConfiguration: given }: WebRTCTransportDirectInit | WebRTCTransportInit) =>
  typeof given === 'function' ? given() : given

describe('WebRTC', () => {
  it('to a known address asks nobody from where we come', async () => {
    const inits: WebRTCTransportDirectInit[] = []
    const keep = (init: WebRTCTransportDirectInit = {}) => {
      inits.push(init)
      return () => {
        throw new Error('not to be made here')
      }
    }
    webRTCDirect({ webRTCDirect: keep }, { privateKey: 'key', pem: 'pem', certhash: 'hash' })
    expect(await Promise.all(inits.map(configuration))).toEqual([{ iceServers: [] }])
  })

  it('that is introduced asks the relays it is given, each time those of then', async () => {
    const inits: WebRTCTransportInit[] = []
    const keep = (init: WebRTCTransportInit = {}) => {
      inits.push(init)
      return () => {
        throw new Error('not to be made here')
      }
    }
    let relays: string[] = []
    webRTCIntroduced({ webRTC: keep }, () => relays)
    const now = () => Promise.all(inits.map(configuration))
    expect(await now()).toEqual([{ iceServers: [] }])
    relays = ['stun:203.0.113.7:4001']
    expect(await now()).toEqual([{ iceServers: [{ urls: 'stun:203.0.113.7:4001' }] }])
  })
})

describe('the servers that tell from where one comes', () => {
  const servers = (...addresses: string[]): string[] =>
    stunServers(addresses.flatMap((address) => relayOf(`${address}/p2p/${KEY}/p2p-circuit/p2p/${KEY}`) ?? []))

  it('are relays, on the port of the same number, two at most and each once', () => {
    expect(
      servers('/ip4/203.0.113.7/tcp/4001', '/ip4/203.0.113.7/tcp/4001', '/ip6/2001:db8::7/tcp/4002', '/ip4/203.0.113.8/tcp/1'),
    ).toEqual(['stun:203.0.113.7:4001', 'stun:[2001:db8::7]:4002'])
  })

  it('are none that listen as a WebSocket', () => {
    expect(servers('/ip4/203.0.113.7/tcp/443/ws')).toEqual([])
  })
})
