import type { Method, ResultOf } from '../../shared/ipc/contract.ts'
import type { CallResult } from '../../shared/ipc/error-codes.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { UpdateView } from '../../shared/ipc/updates.ts'
import { answer } from './answers.ts'
import type { FakeBridge, Handler } from './fake-node.ts'
import type { World } from './world.ts'

export function createFakeBridge(world: World): FakeBridge {
  const listeners = new Set<(event: NodeEvent) => void>()
  const watchers = new Set<(view: UpdateView) => void>()
  const handlers = new Map<Method, Handler<Method>>()
  const fake: FakeBridge = {
    world,
    calls: [],
    copied: [],
    lookedAt: null,
    loginItemState: 'off',
    wishes: [],
    updateWishes: [],
    platform: 'linux',
    call: async (method, args) => {
      fake.calls.push({ method, args })
      const handler = handlers.get(method)
      const result: unknown = await (handler === undefined ? answer(fake, method, args) : handler(args))
      return structuredClone(result) as CallResult<ResultOf<typeof method>>
    },
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    copyText: async (text) => {
      fake.copied.push(text)
    },
    chooseFile: async (wish) => {
      fake.wishes.push(wish)
      return fake.world.chosen
    },
    about: async () => structuredClone(fake.world.about),
    updates: async (wish) => {
      fake.updateWishes.push(wish)
      return structuredClone(fake.world.updates)
    },
    onUpdates: (listener) => {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
    looksAt: async (channelId) => {
      fake.lookedAt = channelId
    },
    loginItem: async (wish) => {
      if (wish !== 'look' && fake.loginItemState !== 'unavailable') fake.loginItemState = wish
      return { ok: true, value: fake.loginItemState }
    },
    update: (step) => {
      fake.world.updates = { ...fake.world.updates, step }
      for (const watcher of [...watchers]) watcher(structuredClone(fake.world.updates))
    },
    on: (method, handler) => void handlers.set(method, handler),
    emit: (event, data) => {
      for (const listener of [...listeners]) listener({ event, data: structuredClone(data) } as NodeEvent)
    },
    listeners: () => listeners.size,
  }
  return fake
}
