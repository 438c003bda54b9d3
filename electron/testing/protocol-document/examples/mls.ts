import * as z from 'zod'
import { parentOf, settingsOf } from '../../../crypto/mls/extensions.ts'
import { contentOf, nameOf } from '../../../crypto/mls/labelled.ts'
import { decodePublic } from '../../../crypto/mls/public-parts.ts'
import { unwrap } from '../../../crypto/mls/state.ts'
import { concatBytes, fromHex } from '../../../kernel/bytes.ts'
import { fromCbor } from '../../../kernel/cbor.ts'
import { decodeContent } from '../../../sync/content/mimi-content.ts'
import { standingsAt } from '../../../sync/fork-resolution/read-tree.ts'
import { objectIdOf } from '../../../sync/group/object-id.ts'
import { decodeSettings } from '../../../sync/policy/settings.ts'
import { yes } from '../../mls/party.ts'
import type { Part } from '../annotated.ts'
import { valuesExample } from '../example.ts'
import type { Example } from '../example.ts'
import { ann, bob, GROUP, settings } from '../people.ts'
import type { Scene } from '../scene.ts'
import { TlsSlices } from '../tls-slices.ts'
import { firstWords } from './content.ts'

/** MLS as we use it, with suite 1. */
export async function mlsExamples(scene: Scene): Promise<readonly Example[]> {
  const { engine, alone, under, offer, message, annGroup, bobGroup } = scene
  const parts = engine.encode(alone)
  const [groupContext, ratchetTree] = [content(parts.groupContext), content(parts.ratchetTree)]
  return [
    {
      kind: 'hex',
      name: 'key-package',
      parts: keyPackageParts(offer.publicPackage),
      read: (bytes) => engine.readKeyPackage(GROUP, bytes),
      value: {
        ok: true,
        value: { memberId: bob.memberId, deviceId: bob.deviceId, name: 'Bob', signatureKey: bob.leafPublicKey, reference: offer.reference },
      },
    },
    valuesExample('key-package-reference', { reference: offer.reference }),
    {
      kind: 'hex',
      name: 'group-context',
      parts: groupContextParts(groupContext),
      read: (bytes) => {
        const read = decodePublic(bytes, ratchetTree)?.groupContext
        const inside = read && settingsOf(read.extensions)
        return [read, inside && decodeSettings(inside)]
      },
      value: [unwrap(alone).groupContext, settings],
    },
    parentExample(content(engine.encode(under).groupContext), content(engine.encode(under).ratchetTree)),
    await epochValues(scene),
    {
      kind: 'hex',
      name: 'object',
      parts: objectParts(message),
      read: async (bytes) => {
        const received = await engine.receive(bobGroup.tip.state, bytes, yes)
        if (!received.ok || received.value.kind !== 'message') return null
        return [received.value.sender.memberId, decodeContent(received.value.plaintext)]
      },
      value: [ann.memberId, firstWords],
    },
    valuesExample('object-id', { eid: annGroup.tip.row.tip, 'object id': objectIdOf(message) }),
  ]
}

/** What is stored of a part of an epoch without the name that we put before it. */
const content = (stored: Uint8Array): Uint8Array => contentOf(nameOf(stored) ?? new Uint8Array(), stored) ?? new Uint8Array()

const PARENT_PART = 19

/** The last extension of a group under a space, of which it is read as a part. */
function parentExample(groupContext: Uint8Array, ratchetTree: Uint8Array): Example {
  const [before, extension] = [groupContext.subarray(0, -PARENT_PART), groupContext.subarray(-PARENT_PART)]
  const tls = new TlsSlices(extension)
  tls.take(2, 'our extension, 0xf0a2')
  tls.vector('its data: the space')
  return {
    kind: 'hex',
    name: 'parent-extension',
    parts: whole(tls),
    read: (bytes) => {
      const read = decodePublic(concatBytes(before, bytes), ratchetTree)?.groupContext
      return read && settingsOf(read.extensions) && parentOf(read.extensions)
    },
    value: GROUP,
  }
}

async function epochValues({ engine, annGroup }: Scene): Promise<Example> {
  const { state, row } = annGroup.tip
  const bytes = z.instanceof(Uint8Array)
  const schedule = fromCbor(content(engine.encode(state).keySchedule), z.array(bytes))
  const standings = await standingsAt(annGroup.deps.store, engine, GROUP, row.tip)
  return valuesExample('epoch', {
    'exporter secret': schedule?.[1] ?? '',
    eid: row.tip,
    'rank key': await engine.exportSecret(state, 'spacepanda/rank', fromHex(GROUP), 32),
    "Ann's rank": standings?.get(ann.memberId)?.rank ?? '',
  })
}

function keyPackageParts(bytes: Uint8Array): Part[] {
  const tls = new TlsSlices(bytes)
  tls.take(4, 'MLS 1.0, a key package')
  tls.take(2, 'MLS 1.0')
  tls.take(2, 'suite 1')
  tls.vector('init key')
  tls.vector('leaf node: encryption key')
  tls.vector('signature key, which is the leaf key')
  tls.take(2, 'a basic credential')
  tls.vector('identity: the credential as below')
  for (const list of ['versions: 1', 'suites: 0xf00d, 1', 'extensions: 0xf0a1, 0xf0a2', 'proposals: none', 'credentials: basic'])
    tls.vector(list)
  tls.take(1, 'source: a key package')
  tls.take(8, 'not before, seconds')
  tls.take(8, 'not after')
  tls.vector('extensions of the leaf: none')
  tls.vector('signature of the leaf')
  tls.vector('extensions: none')
  tls.vector('signature')
  return whole(tls)
}

function groupContextParts(bytes: Uint8Array): Part[] {
  const tls = new TlsSlices(bytes)
  tls.take(2, 'MLS 1.0')
  tls.take(2, 'suite 1')
  tls.vector('group id')
  tls.take(8, 'epoch 0')
  tls.vector('tree hash')
  tls.vector('confirmed transcript hash: none yet')
  tls.open('extensions')
  tls.take(2, 'required_capabilities')
  tls.open('its data')
  tls.vector('extensions: 0xf0a1')
  tls.vector('proposals: none')
  tls.vector('credentials: basic')
  tls.take(2, 'our extension, 0xf0a1')
  tls.vector('its data: settings in CBOR')
  return whole(tls)
}

function objectParts(bytes: Uint8Array): Part[] {
  const tls = new TlsSlices(bytes)
  tls.take(4, 'MLS 1.0, a PrivateMessage')
  tls.vector('group id')
  tls.take(8, 'epoch 1')
  tls.take(1, 'application data')
  tls.vector('authenticated data: none')
  tls.vector('encrypted sender data')
  tls.vector('ciphertext')
  return whole(tls)
}

function whole(tls: TlsSlices): Part[] {
  if (!tls.isOver) throw new Error('something is left')
  return tls.parts
}
