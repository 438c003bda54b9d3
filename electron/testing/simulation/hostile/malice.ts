import type { Eid } from '../../../../shared/domain/ids.ts'
import type { CommitRequest } from '../../../crypto/mls/index.ts'
import { fromHex } from '../../../kernel/bytes.ts'
import { toCbor } from '../../../kernel/cbor.ts'
import { MAX_BATCH_BYTES } from '../../../network/protocols/objects/constants.ts'
import type { WireObject } from '../../../ports/wire.ts'
import { encodeContent } from '../../../sync/content/mimi-content.ts'
import { readState } from '../../../sync/group/epoch-store.ts'
import { objectIdOf } from '../../../sync/group/object-id.ts'
import { authorise } from '../../../sync/policy/authorise.ts'
import { encodeSettings } from '../../../sync/policy/settings.ts'
import { framedAgain } from '../../mls/framed-again.ts'
import type { Action } from '../actions/action.ts'
import type { SimNode } from '../node/sim-node.ts'
import type { World } from '../world.ts'
import { bogus, connected, hostileHere, push, stateOf, stored } from './means.ts'
import { ways } from './ways.ts'

/** An action of whichever hostile member is there. */
export const evil = (name: string, weight: number, act: (world: World, node: SimNode) => boolean | Promise<void>): Action => ({
  name,
  weight: () => weight,
  begin(world) {
    const node = hostileHere(world)
    if (node === null) return false
    const done = act(world, node)
    if (typeof done === 'boolean') return done
    void done
    return true
  },
})

function some(world: World, objects: readonly WireObject[], most: number): WireObject[] {
  if (objects.length === 0) return []
  const chosen = Array.from({ length: world.dice.between(1, most) }, () => world.dice.pick(objects))
  return [...new Set(chosen)]
}

const garbage = (world: World, node: SimNode): WireObject => {
  const { eid } = stateOf(world, node)
  return {
    eid: world.dice.chance(0.5) ? eid : node.random.id<Eid>(),
    bytes: node.random.bytes(world.dice.pick([1, 40, 300, 700])),
  }
}

const sendsGarbage = evil('garbage', 2, (world, node) => {
  const objects = Array.from({ length: world.dice.between(1, 8) }, () => garbage(world, node))
  bogus(world, objects)
  push(world, node, connected(node), objects, 'garbage')
  return true
})

const floods = evil('flood', 1, (world, node) => {
  for (let nth = world.dice.between(4, 10); nth > 0; nth--) {
    const objects = Array.from({ length: 64 }, () => garbage(world, node))
    bogus(world, objects)
    push(world, node, connected(node), objects, 'flood')
  }
  return true
})

function flipped(world: World, { eid, bytes }: WireObject): WireObject {
  const other = new Uint8Array(bytes)
  const at = world.dice.between(0, other.length - 1)
  other[at] = (other[at] ?? 0) ^ (1 << world.dice.between(0, 7))
  return { eid, bytes: other }
}

const changesBytes = evil('changed bytes', 2, (world, node) => {
  const objects = some(world, stored(world, node), 6).map((object) => flipped(world, object))
  bogus(world, objects)
  push(world, node, connected(node), objects, 'changed bytes')
  return objects.length > 0
})

const saysAgain = evil('replay', 2, (world, node) => {
  let size = 0
  const objects = some(world, stored(world, node), 20).filter(({ bytes }) => (size += bytes.length) < MAX_BATCH_BYTES)
  push(world, node, connected(node), objects, 'replay')
  return objects.length > 0
})

const namesOtherEpoch = evil('other epoch', 1, (world, node) => {
  const all = stored(world, node)
  const objects = some(world, all, 6).map(({ bytes }) => ({ eid: world.dice.pick(all).eid, bytes }))
  push(world, node, connected(node), objects, 'objects under other epochs')
  return objects.length > 0
})

/** A commit made on its stored state and kept nowhere; `allowed`: whether its role lets it. */
async function commit(world: World, node: SimNode, request: Partial<CommitRequest>): Promise<(WireObject & { allowed: boolean }) | null> {
  const { state, eid } = stateOf(world, node)
  const made = await node.engine.commit(state, { authenticatedData: toCbor([1, fromHex(eid)]), ...request })
  return made.ok ? { eid, bytes: made.value.commit, allowed: authorise(world.groupId)(made.value.change) === null } : null
}

const mayNotCommit = evil('unauthorised commit', 2, async (world, node) => {
  const { settings, row } = node.now.messenger.group(world.groupId).tip
  const others = node.now.messenger
    .group(world.groupId)
    .members()
    .filter((member) => member.memberId !== row.selfMemberId)
  const requests: Partial<CommitRequest>[] = [
    { settings: encodeSettings({ ...settings, name: 'Mine' }) },
    { settings: encodeSettings({ ...settings, channels: [] }) },
    { settings: encodeSettings({ ...settings, roles: new Map(settings.roles).set(row.selfMemberId, 'owner') }) },
    { settings: encodeSettings({ ...settings, presenceKey: node.random.bytes(32) }) },
    ...others.slice(0, 1).map(({ leafIndex }) => ({ removeLeaves: [leafIndex] })),
    { settings: node.random.bytes(50) },
  ]
  const object = await commit(world, node, world.dice.pick(requests))
  // Somebody may have given it a role since.
  if (object === null || object.allowed) return
  bogus(world, [object])
  push(world, node, connected(node), [object], 'a commit it may not make')
})

/** Messages that decrypt and are none, or that say something untrue of their place. */
const strangeMessages = evil('strange message', 2, async (world, node) => {
  const { state, eid } = stateOf(world, node)
  const { settings, row } = node.now.messenger.group(world.groupId).tip
  const { dice, random } = { dice: world.dice, random: node.random }
  const [channel] = settings.channels
  const sentAt = world.schedule.now + dice.pick([0, 10 ** 12, -(10 ** 11)])
  const extensions = { seq: dice.pick([1, row.sentSeq + 1, row.sentSeq + 500, 2 ** 40]), prev: null, lamport: sentAt, sentAt }
  const topicId = dice.chance(0.5) || channel === undefined ? random.bytes(16) : fromHex(channel.channelId)
  const content = encodeContent({ salt: random.bytes(16), inReplyTo: null, topicId, extensions, text: `${node.name} strange` })
  const { message } = await node.engine.encrypt(state, dice.chance(0.3) ? random.bytes(60) : content, new Uint8Array())
  push(world, node, connected(node), [{ eid, bytes: message }], 'a strange message')
})

/** Two messages under one key, to different members; sometimes under the id of somebody else's message. */
const twoFaced = evil('two faces', 1, async (world, node) => {
  const { state, eid } = stateOf(world, node)
  const { settings, row } = node.now.messenger.group(world.groupId).tip
  const [channel] = settings.channels
  const peers = connected(node)
  if (channel === undefined || peers.length < 2) return
  const known = world.ledger.sent.flatMap(({ messageId, author }) => (messageId === null || author === node ? [] : messageId))
  const salt = known.length > 0 && world.dice.chance(0.4) ? fromHex(world.dice.pick(known)) : node.random.bytes(16)
  const sentAt = world.schedule.now
  for (const [nth, peerId] of peers.entries()) {
    const content = encodeContent({
      ...{ salt, inReplyTo: null, topicId: fromHex(channel.channelId), text: `${node.name} face ${nth % 2}` },
      extensions: { seq: row.sentSeq + 1, prev: null, lamport: sentAt, sentAt },
    })
    const { message } = await node.engine.encrypt(state, content, new Uint8Array())
    push(world, node, [peerId], [{ eid, bytes: message }], 'one of two faces')
  }
})

const changesItsWays = evil('other ways', 2, (world, node) => {
  const { name, tamper } = world.dice.pick(ways(world, node))
  world.trace.write(`${node.name}  ${name} from here on`)
  node.tamper = tamper
  return true
})

/** Two commits out of one epoch, to different members. */
const equivocates = evil('equivocation', 1, async (world, node) => {
  const { settings } = node.now.messenger.group(world.groupId).tip
  const peers = connected(node)
  if (!world.options.concurrentCommits || peers.length < 2) return
  const [one, other] = [
    await commit(world, node, {}),
    await commit(world, node, { settings: encodeSettings({ ...settings, admission: null }) }),
  ]
  if (one === null || other === null) return
  const half = Math.ceil(peers.length / 2)
  push(world, node, peers.slice(0, half), [one], 'one of two commits')
  push(world, node, peers.slice(half), [other], 'the other of two commits')
})

/** What another one committed and signed, encrypted once more, to some: another object, and the same commit (T9). */
const framesAgain = evil('framed again', 5, async (world, node) => {
  const commits = stored(world, node).filter(({ bytes }) => isCommit(node, bytes))
  if (commits.length === 0) return
  const commit = world.dice.pick(commits.slice(-3))
  const peers = connected(node).filter(() => world.dice.chance(0.6))
  const held = readState(node.store, node.engine, world.groupId, commit.eid)
  const again = held && (await framedAgain(node.engine, held.state, commit))
  if (again === null) return
  world.keys.madeUp(objectIdOf(again.bytes))
  push(world, node, peers, [again], 'a commit framed again')
})

/** Two commits out of one epoch, of which one is two objects: whoever goes by the objects chooses otherwise than others do (C8). */
const equivocatesTwice = evil('equivocation, framed again', 3, async (world, node) => {
  const { settings } = node.now.messenger.group(world.groupId).tip
  const { state } = stateOf(world, node)
  const peers = connected(node)
  if (!world.options.concurrentCommits || peers.length < 2) return
  const other = await commit(world, node, { settings: encodeSettings({ ...settings, admission: null }) })
  const one = await commit(world, node, {})
  const again = one && (await framedAgain(node.engine, state, one))
  if (one === null || other === null || again === null) return
  const half = Math.ceil(peers.length / 2)
  push(world, node, peers.slice(0, half), [one, other], 'two commits')
  push(world, node, peers.slice(half), [again, other], 'the same two, one of them framed again')
})

/** In worlds for them alone: others would not be what their seeds were. */
export const framing: readonly Action[] = [framesAgain, equivocatesTwice]

const isCommit = ({ engine }: SimNode, bytes: Uint8Array): boolean => {
  const header = engine.inspect(bytes)
  return header.ok && header.value.kind === 'commit'
}

/** What hostile members do. All but the last leave the group whole as long as nobody follows them. */
export const malice: readonly Action[] = [
  sendsGarbage,
  floods,
  changesBytes,
  saysAgain,
  namesOtherEpoch,
  mayNotCommit,
  strangeMessages,
  twoFaced,
  changesItsWays,
  equivocates,
]
