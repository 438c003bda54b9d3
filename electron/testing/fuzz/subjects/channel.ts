import { silentLogger } from '../../../kernel/logger.ts'
import { encodeFrame, FrameDecoder, FrameError, joinBytes } from '../../../network/channel/frame.ts'
import type { Frame } from '../../../network/channel/frame.ts'
import { Assembler, toFrames } from '../../../network/channel/message.ts'
import type { Message } from '../../../network/channel/message.ts'
import { ReadBudget } from '../../../network/channel/read-budget.ts'
import { RequestChannel } from '../../../network/channel/request-channel.ts'
import { serveChannel } from '../../../network/channel/serve-channel.ts'
import { objectsRpc } from '../../../network/protocols/objects/objects-rpc.ts'
import { answering, ask } from '../../../network/protocols/rpc.ts'
import { bindingAnswer } from '../../../network/relay/stun.ts'
import { fromHex } from '../../../kernel/bytes.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { ObjectPush } from '../../../ports/wire.ts'
import { duplexPair } from '../../fakes/duplex-pair.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { seededRandom } from '../../mls/seeded.ts'
import type { Structure, Subject } from '../subject.ts'

const BUDGET = 1024 * 1024
const random = seededRandom('channel')
const push: ObjectPush = { groupId: random.id(), objects: [{ eid: random.id(), bytes: random.bytes(90) }] }
const largePush: ObjectPush = { groupId: random.id(), objects: [{ eid: random.id(), bytes: random.bytes(50_000) }] }

const written = (messages: readonly Message[]): Uint8Array =>
  new Uint8Array(joinBytes(messages.flatMap((message) => [...toFrames(message)].map(encodeFrame))))
const request = (id: number, body: Uint8Array): Message => ({ kind: 'request', id, body })
const response = (id: number, body: Uint8Array): Message => ({ kind: 'response', id, body })

/** Frames as they are written, of any kind and without limits. */
const frames: Structure = {
  loose: false,
  open: (bytes) => new FrameDecoder().push(bytes).map(({ kind, id, body }) => ({ kind: codeOf(kind), id, body })),
  close: (value) =>
    new Uint8Array(
      joinBytes(
        (value as { kind: number; id: number; body: Uint8Array }[]).map(({ kind, id, body }) => {
          const header = Buffer.alloc(9)
          header.writeUInt32BE(5 + body.length)
          header.writeUInt8(kind, 4)
          header.writeUInt32BE(id, 5)
          return new Uint8Array(Buffer.concat([header, body]))
        }),
      ),
    ),
}
const codeOf = (kind: Frame['kind']): number => encodeFrame({ kind, id: 0, body: new Uint8Array() })[4] ?? 0

function demandWhole(budget: ReadBudget): void {
  if (budget.free !== BUDGET) throw new Error(`${BUDGET - budget.free} bytes of the read buffers are not given back`)
}

/** Where the network happens to cut them: each length as the byte before says. */
function pieces(bytes: Uint8Array): Uint8Array[] {
  const cut: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + 37 * (bytes[at] ?? 0)
    cut.push(bytes.subarray(at, end))
    at = end
  }
  return cut
}

/** Frames, put together into messages. */
function readsFrames(bytes: Uint8Array): boolean {
  const budget = new ReadBudget(BUDGET)
  const [decoder, assembler] = [new FrameDecoder(), new Assembler(BUDGET, budget)]
  try {
    for (const piece of pieces(bytes)) for (const frame of decoder.push(piece)) assembler.push(frame)
    return true
  } catch (thrown) {
    if (!(thrown instanceof FrameError)) throw thrown
    return false
  } finally {
    assembler.dispose()
    demandWhole(budget)
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A stream on which a member pushes objects, from its opening to its end. */
async function serves(bytes: Uint8Array): Promise<boolean> {
  const deps = { clock: new FakeClock(), budget: new ReadBudget(BUDGET), offended: () => undefined }
  const [ours, theirs] = duplexPair()
  const done = serveChannel(deps, ours, {
    maxRequestBytes: objectsRpc.limits.requestBytes,
    answer: answering(objectsRpc, silentLogger, async ({ objects }) => objects.map(() => 'stored')),
  })
  theirs.send(pieces(bytes))
  await turn()
  const taken = ours.resetReason === null
  theirs.close()
  await done
  demandWhole(deps.budget)
  return taken
}

const never = new AbortController().signal

/** A stream on which we asked, and what comes back. */
async function isAnswered(bytes: Uint8Array): Promise<boolean> {
  const deps = { clock: new FakeClock(), budget: new ReadBudget(BUDGET), offended: () => undefined }
  const [ours, theirs] = duplexPair()
  const channel = new RequestChannel(deps, ours, objectsRpc.limits.responseBytes)
  const asked = ask(objectsRpc, channel, push, never).then(
    () => true,
    (thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown
      return false
    },
  )
  theirs.send([bytes])
  await turn()
  theirs.close()
  const taken = await asked
  demandWhole(deps.budget)
  return taken
}

const pushed = objectsRpc.encodeRequest(push)
const acks = objectsRpc.encodeResponse(['stored'])

/** RFC 8489: a Binding request, with nothing more and with an attribute. */
const stunRequest = (attributes: string): Uint8Array =>
  fromHex(`0001${(attributes.length / 2).toString(16).padStart(4, '0')}2112a442b7e7a701bc34d686fa87dfae${attributes}`)

export const channelSubjects: readonly Subject[] = [
  {
    name: 'a relay: a STUN request',
    samples: [stunRequest(''), stunRequest('8022000454455354')],
    structure: null,
    decode: (bytes) => bindingAnswer(bytes, { address: '192.0.2.1', port: 32_853 }) !== null,
  },
  {
    name: 'channel: frames',
    samples: [
      written([request(1, pushed), response(2, acks), { kind: 'refusal', id: 3, code: 'not-shared' }]),
      written([request(4, objectsRpc.encodeRequest(largePush))]),
    ],
    structure: frames,
    decode: readsFrames,
  },
  {
    name: 'channel: a stream that is served',
    samples: [written([request(0, pushed), request(1, pushed)])],
    structure: frames,
    decode: serves,
  },
  {
    name: 'channel: a stream that is answered',
    samples: [written([response(0, acks)])],
    structure: frames,
    decode: isAnswered,
  },
]
