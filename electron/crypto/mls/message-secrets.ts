import type { ClientState, GenerationSecret, SecretTree, SecretTreeNode } from 'ts-mls'
import { copyBytes, equalBytes } from '../../kernel/bytes.ts'
import { invariant } from '../../kernel/errors.ts'
import type { MessageSecrets, MovedSecrets, NodeSecret, RatchetKind, RatchetStep } from '../../ports/mls-epoch.ts'
import { epochName } from './labelled.ts'

/** The secret tree as rows. The library names a sender by the node of its leaf, we by the leaf. */

const KINDS = ['handshake', 'application'] as const satisfies readonly RatchetKind[]

/** In the order of their index, which is how JavaScript lists such keys. */
export const nodeSecrets = (record: Record<number, Uint8Array>): NodeSecret[] =>
  Object.entries(record).map(([node, secret]) => ({ node: Number(node), secret: copyBytes(secret) }))

const headOf = (leaf: number, kind: RatchetKind, { generation, secret }: GenerationSecret): RatchetStep => ({
  leaf,
  kind,
  generation,
  secret: copyBytes(secret),
})

const skippedOf = (leaf: number, kind: RatchetKind, { unusedGenerations }: GenerationSecret): RatchetStep[] =>
  Object.entries(unusedGenerations).map(([generation, secret]) => ({
    leaf,
    kind,
    generation: Number(generation),
    secret: copyBytes(secret),
  }))

export function messageSecrets(client: ClientState): MessageSecrets {
  const { leafWidth, intermediateNodes, leafNodes } = client.secretTree
  const senders = Object.entries(leafNodes).map(([node, sender]): [number, SecretTreeNode] => [Number(node) / 2, sender])
  const each = <T>(of: (leaf: number, kind: RatchetKind, ratchet: GenerationSecret) => T): T[] =>
    senders.flatMap(([leaf, sender]) => KINDS.map((kind) => of(leaf, kind, sender[kind])))
  return {
    name: epochName(client),
    leafWidth,
    nodes: nodeSecrets(intermediateNodes),
    ratchets: each(headOf),
    skipped: each(skippedOf).flat(),
  }
}

/** Entries of `after` that `before` has not, and keys of `before` that `after` has not. A key keeps its value as long as it is there. */
function differences(
  before: Record<number, Uint8Array>,
  after: Record<number, Uint8Array>,
): { added: [number, Uint8Array][]; used: number[] } {
  if (before === after) return { added: [], used: [] }
  const added: [number, Uint8Array][] = []
  for (const [key, value] of Object.entries(after)) {
    const old = before[Number(key)]
    invariant(old === undefined || old === value || equalBytes(old, value), 'a secret of an epoch took the place of another')
    if (old === undefined) added.push([Number(key), value])
  }
  return {
    added,
    used: Object.keys(before)
      .map(Number)
      .filter((key) => after[key] === undefined),
  }
}

const NO_KEYS: Record<number, Uint8Array> = {}

function moveRatchet(
  moved: MovedSecrets,
  leaf: number,
  kind: RatchetKind,
  before: GenerationSecret | undefined,
  after: GenerationSecret,
): void {
  if (before === after) return
  invariant(after.generation >= (before?.generation ?? 0), 'a ratchet goes forward only')
  if (after.generation !== before?.generation) moved.ratchets.push(headOf(leaf, kind, after))
  const keys = differences(before?.unusedGenerations ?? NO_KEYS, after.unusedGenerations)
  for (const [generation, secret] of keys.added) moved.skipped.added.push({ leaf, kind, generation, secret: copyBytes(secret) })
  for (const generation of keys.used) moved.skipped.used.push({ leaf, kind, generation })
}

/**
 * What lies between two states of one epoch, `after` being made from `before` by messages sent and received. The answer is as large
 * as what moved. Unmoved senders cost a comparison of references each, because both states share what did not move.
 * Throws `InvariantError` for states of which neither was made from the other.
 */
export function movedSecrets(before: ClientState, after: ClientState): MovedSecrets {
  const name = epochName(after)
  invariant(before.keySchedule === after.keySchedule || equalBytes(epochName(before), name), 'states of two epochs')
  const [from, to] = [before.secretTree, after.secretTree]
  const nodes = differences(from.intermediateNodes, to.intermediateNodes)
  const moved: MovedSecrets = {
    name,
    nodes: { added: nodes.added.map(([node, secret]) => ({ node, secret: copyBytes(secret) })), used: nodes.used },
    ratchets: [],
    skipped: { added: [], used: [] },
  }
  if (from.leafNodes === to.leafNodes) return moved
  // by index: to list the keys would make a string of each
  for (let leaf = 0; leaf < to.leafWidth; leaf++) {
    const [old, sender] = [from.leafNodes[leaf * 2], to.leafNodes[leaf * 2]]
    if (old === sender) continue
    invariant(sender !== undefined, 'a sender was forgotten')
    for (const kind of KINDS) moveRatchet(moved, leaf, kind, old?.[kind], sender[kind])
  }
  return moved
}

const MIN_SECRET_BYTES = 32
const MAX_SECRET_BYTES = 64
const isSecret = ({ length }: Uint8Array): boolean => length >= MIN_SECRET_BYTES && length <= MAX_SECRET_BYTES

/** Null if it is not whole. Shares no memory with what was stored. */
export function toSecretTree({ leafWidth, nodes, ratchets, skipped }: MessageSecrets): SecretTree | null {
  const leafNodes: Record<number, Partial<SecretTreeNode>> = {}
  for (const { leaf, kind, generation, secret } of ratchets) {
    const sender = (leafNodes[leaf * 2] ??= {})
    sender[kind] = { generation, secret: copyBytes(secret), unusedGenerations: {} }
  }
  for (const { leaf, kind, generation, secret } of skipped) {
    const ratchet = leafNodes[leaf * 2]?.[kind]
    if (ratchet === undefined || generation >= ratchet.generation) return null
    ratchet.unusedGenerations[generation] = copyBytes(secret)
  }
  const isWhole = Object.values(leafNodes).every((sender) => sender.handshake !== undefined && sender.application !== undefined)
  if (!isWhole || ![...nodes, ...ratchets, ...skipped].every(({ secret }) => isSecret(secret))) return null
  const intermediateNodes = Object.fromEntries(nodes.map(({ node, secret }) => [node, copyBytes(secret)]))
  return { leafWidth, intermediateNodes, leafNodes: leafNodes as Record<number, SecretTreeNode> }
}
