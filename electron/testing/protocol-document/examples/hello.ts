import { ed25519Verify } from '../../../identity/index.ts'
import { fromHex, toHex } from '../../../kernel/bytes.ts'
import { toCbor } from '../../../kernel/cbor.ts'
import { bindingOf } from '../../../network/protocols/hello/binding.ts'
import { helloRpc } from '../../../network/protocols/hello/hello-rpc.ts'
import type { HelloRequest, HelloResponse } from '../../../network/protocols/hello/messages.ts'
import type { MembershipProof } from '../../../ports/network.ts'
import type { SharedGroup } from '../../../ports/wire.ts'
import type { MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { recognitionKey } from '../../../sync/policy/recognition-key.ts'
import { cborParts } from '../annotated.ts'
import { cborExample, valuesExample } from '../example.ts'
import type { Example, HexExample } from '../example.ts'
import { ann, annPeer, bob, bobPeer, fill, GROUP } from '../people.ts'
import type { Scene } from '../scene.ts'

const [initiatorNonce, responderNonce] = [fill(0x11), fill(0x22)]

/** Bob, who dialled, and Ann prove to each other that both are in the group. */
export function helloExamples({ annProver, bobProver }: Scene): readonly Example[] {
  const binding = bindingOf({ initiatorNonce, responderNonce, initiator: bobPeer, responder: annPeer })
  const tags = bobProver.tags(binding, 'initiator')
  annProver.recognise(binding, 'initiator', tags)
  const annProof = annProver.prove(GROUP, binding, 'responder')
  const bobProof = bobProver.prove(GROUP, binding, 'initiator')
  if (annProof === null || bobProof === null) throw new Error('both are members')
  const statement = Buffer.concat([fromHex(GROUP), Buffer.from('responder       '), binding])
  return [
    question('hello-open', { kind: 'open', versions: [2], nonce: initiatorNonce }),
    answer('hello-opened', { kind: 'opened', version: 2, nonce: responderNonce }),
    valuesExample(
      'hello-binding',
      { "initiator's nonce": initiatorNonce, "responder's nonce": responderNonce, initiator: bobPeer, responder: annPeer, binding },
      (values) => {
        const [initiator, responder] = [values.get('initiator') as PeerId, values.get('responder') as PeerId]
        const [ours, theirs] = [fromHex(values.get("initiator's nonce") ?? ''), fromHex(values.get("responder's nonce") ?? '')]
        return toHex(bindingOf({ initiatorNonce: ours, responderNonce: theirs, initiator, responder })) === values.get('binding')
      },
    ),
    valuesExample(
      'hello-tag',
      { 'presence key': fill(8), 'recognition key': recognitionKey(fill(8)), role: 'initiator', binding, tag: bobProof.tag },
      (values) => annProver.recognise(binding, 'initiator', [fromHex(values.get('tag') ?? '')]).includes(GROUP),
    ),
    question('hello-tags', { kind: 'tags', tags }),
    {
      kind: 'hex',
      name: 'hello-statement',
      parts: cborParts(toCbor(['SpacePanda member signs', 'spacepanda/presence/2', fromHex(GROUP), statement]), {
        '': ['label', 'what for', 'group', 'bytes'],
      }),
      read: (bytes) => ed25519Verify(ann.leafPublicKey, bytes, annProof.signature),
      value: true,
    },
    proven(answer('hello-proofs', { kind: 'proofs', proofs: [annProof] }), ann.memberId, (proof) =>
      bobProver.verify(GROUP, binding, 'responder', proof),
    ),
    proven(question('hello-own-proofs', { kind: 'proofs', proofs: [bobProof] }), bob.memberId, (proof) =>
      annProver.verify(GROUP, binding, 'initiator', proof),
    ),
    answer('hello-accepted', { kind: 'accepted', tags: [bobProof.tag] }),
  ]
}

/** Proofs that the other side takes for what they are. */
const proven = (example: HexExample, by: MemberId, verify: (proof: MembershipProof) => SharedGroup | null): HexExample => ({
  ...example,
  read: (bytes) => {
    const read = example.read(bytes) as HelloResponse | null
    return read?.kind === 'proofs' ? [read, ...read.proofs.map((proof) => verify(proof)?.memberId)] : null
  },
  value: [example.value, by],
})

const question = (name: string, value: HelloRequest) =>
  cborExample(name, value, { encode: helloRpc.encodeRequest, decode: helloRpc.decodeRequest })

const answerTo: Record<HelloResponse['kind'], HelloRequest> = {
  opened: { kind: 'open', versions: [2], nonce: initiatorNonce },
  proofs: { kind: 'tags', tags: [] },
  accepted: { kind: 'proofs', proofs: [] },
}
const answer = (name: string, value: HelloResponse) =>
  cborExample(name, value, { encode: helloRpc.encodeResponse, decode: (bytes) => helloRpc.decodeResponse(bytes, answerTo[value.kind]) })
