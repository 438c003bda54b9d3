import { expect, it } from 'vitest'
import { createFakeBridge } from '../testing/fake-bridge.ts'
import { makeJoin, NOON } from '../testing/make.ts'
import { emptyWorld } from '../testing/world.ts'
import { createClient } from './client.ts'

it('turns a call that fails on the way into a coded error', async () => {
  const bridge = { ...createFakeBridge(emptyWorld()), call: () => Promise.reject(new Error('gone')) }
  const result = await createClient(bridge, () => NOON).call('spaces.list', {})
  expect(result).toMatchObject({ ok: false, error: { code: 'internal' } })
})

it('hands out only the events asked for, until told to stop', () => {
  const bridge = createFakeBridge(emptyWorld())
  const seen: string[] = []
  const stop = createClient(bridge).on('join.changed', (join) => seen.push(join.spaceName))
  bridge.emit('link.opened', { link: 'spacepanda:join/abc' })
  bridge.emit('join.changed', makeJoin('first'))
  stop()
  bridge.emit('join.changed', makeJoin('second'))
  expect(seen).toEqual(['first'])
  expect(bridge.listeners()).toBe(0)
})

it('says whether the clipboard took the text', async () => {
  const bridge = createFakeBridge(emptyWorld())
  expect(await createClient(bridge).copyText('a link')).toBe(true)
  expect(bridge.copied).toEqual(['a link'])
  const broken = { ...bridge, copyText: () => Promise.reject(new Error('no clipboard')) }
  expect(await createClient(broken).copyText('a link')).toBe(false)
})
