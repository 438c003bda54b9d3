import type { Member, Space } from '../../shared/domain/models.ts'
import { AppError } from '../kernel/errors.ts'
import { awaitEvent } from './await-event.ts'
import type { CliNode } from './open-node.ts'

/** A member who is connected answers in moments; one whose computer just fell asleep never does. */
const SOON_MS = 10_000

/** A node that the command starts itself connects within a moment to whoever is there. */
const FIRST_MS = 3_000

/** How far it came: done, on its way to somebody connected, or waiting for somebody to be. */
export type SeenOff = 'done' | 'telling' | 'waiting'

interface Leaving {
  leave: () => Promise<unknown>
  members: () => Promise<Member[]>
  isHere: (spaces: readonly Space[]) => boolean
  interrupted: AbortSignal
}

/** Leaves, and where a member is connected, or may be in a moment, gives that time to be told. What goes on after goes on without the command. */
export async function seeOff(node: CliNode, { leave, members, isHere, interrupted }: Leaving): Promise<SeenOff> {
  await leave()
  const isDone = (spaces: readonly Space[]): true | null => (isHere(spaces) ? null : true)
  const now = async () => isDone(await node.api['spaces.list']({}))
  if ((await now()) !== null) return 'done'
  const connected = await someConnected(members)
  if (!connected && node.remote) return 'waiting'
  const seen = (event: Parameters<Parameters<CliNode['on']>[0]>[0]) => (event.event === 'spaces.changed' ? isDone(event.data) : null)
  try {
    await awaitEvent(node, { now, seen, timeoutMs: connected ? SOON_MS : FIRST_MS, interrupted })
    return 'done'
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'timed-out') return connected ? 'telling' : 'waiting'
    throw thrown
  }
}

/** Also where they are gone by now: then it is over. */
async function someConnected(members: Leaving['members']): Promise<boolean> {
  try {
    return (await members()).some(({ self, online }) => online && !self)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return true
    throw thrown
  }
}

const LEFT = {
  done: ' Its messages and keys are deleted from this device.',
  telling:
    ' A member is connected and is being told, for as long as this profile runs; then its messages and keys are deleted from this device.',
  waiting:
    ' Its members are told as soon as one of them is connected; then its messages and keys are deleted from this device. Until then run this profile once in a while.',
} as const satisfies Record<SeenOff, string>

export const leftWords = (what: 'space' | 'channel', how: SeenOff): string => `You left the ${what}.${LEFT[how]}`
