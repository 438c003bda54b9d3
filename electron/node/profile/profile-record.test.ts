import { beforeEach, describe, expect, it } from 'vitest'
import { toCbor } from '../../kernel/cbor.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { Store } from '../../ports/store.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import {
  lastEndpoint,
  readProfile,
  readSettings,
  rememberEndpoint,
  renameProfile,
  transportKey,
  writeNewProfile,
  writeSettings,
} from './profile-record.ts'
import type { Settings } from '../../../shared/domain/models.ts'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'

let store: Store
beforeEach(() => {
  store = createMemoryStore()
})
const random = seededRandom('profile record')
const write = (key: string, value: Uint8Array) => store.transaction((tx) => tx.settings.set(key, value))

describe('the record of a profile', () => {
  it('is there with its transport key, or neither is', () => {
    expect(readProfile(store)).toBeNull()
    const made = writeNewProfile(store, 'Ann', random)
    expect(readProfile(store)).toEqual(made)
    expect(transportKey(store).reveal()).toHaveLength(32)
    const failing: Store = { ...createMemoryStore(), transaction: (work) => createMemoryStore().transaction(work) }
    writeNewProfile(failing, 'Ann', random)
    expect(failing.settings.get('profile')).toBeNull()
  })

  it('keeps its ids when it is renamed', () => {
    const made = writeNewProfile(store, 'Ann', random)
    const key = transportKey(store).reveal()
    expect(renameProfile(store, made, 'Anna')).toEqual({ ...made, name: 'Anna' })
    expect(readProfile(store)).toEqual({ ...made, name: 'Anna' })
    expect(transportKey(store).reveal()).toEqual(key)
  })

  it.each([
    ['noise', new Uint8Array([1, 2, 3])],
    ['another shape', toCbor({ profileId: 'x', deviceId: 'y', name: 'Ann' })],
    ['nothing', new Uint8Array()],
  ])('that is %s is unreadable, and never taken for a missing one', (_, bytes) => {
    write('profile', bytes)
    expect(() => readProfile(store)).toThrow(expect.objectContaining({ code: 'unreadable' }))
  })

  it.each([[31], [33], [0]])('with a transport key of %i bytes is unreadable', (length) => {
    write('transport-key', new Uint8Array(length))
    expect(() => transportKey(store)).toThrow(expect.objectContaining({ code: 'unreadable' }))
  })
})

describe('preferences', () => {
  it('follow the system until chosen, and again if they cannot be read', () => {
    expect(readSettings(store)).toEqual(usualSettings)
    const chosen: Settings = {
      ...{ theme: 'dark', lockAfterMinutes: 5, lockOnSuspend: true },
      ...{ readReceipts: false, notices: 'with-text', keepRunning: true },
    }
    writeSettings(store, chosen)
    expect(readSettings(store)).toEqual(chosen)
    write('preferences', toCbor({ theme: 'pink' }))
    expect(readSettings(store)).toEqual(usualSettings)
  })

  it('of a version that knew no locking are kept', () => {
    write('preferences', toCbor({ theme: 'light' }))
    expect(readSettings(store)).toEqual({ ...usualSettings, theme: 'light' })
  })

  it('of a version that told nobody what arrives are kept, and it tells from now on without the text', () => {
    write('preferences', toCbor({ theme: 'dark', lockAfterMinutes: 5, lockOnSuspend: true, readReceipts: false }))
    const kept = { theme: 'dark', lockAfterMinutes: 5, lockOnSuspend: true, readReceipts: false }
    expect(readSettings(store)).toEqual({ ...kept, notices: 'without-text', keepRunning: false })
  })
})

describe('the endpoint', () => {
  it('is remembered, and written only when it changed', () => {
    expect(lastEndpoint(store)).toBeNull()
    let writes = 0
    const counting: Store = {
      ...store,
      transaction: (work) => {
        writes++
        return store.transaction(work)
      },
    }
    const endpoint = () => new Redacted(new Uint8Array([1, 2, 3]))
    rememberEndpoint(counting, endpoint())
    rememberEndpoint(counting, endpoint())
    expect(writes).toBe(1)
    expect(lastEndpoint(store)?.reveal()).toEqual(new Uint8Array([1, 2, 3]))
  })
})
