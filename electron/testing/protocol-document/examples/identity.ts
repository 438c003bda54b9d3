import { createHash } from 'node:crypto'
import { decodeCredential, ed25519PublicKey, ed25519Verify, safetyNumber } from '../../../identity/index.ts'
import { verifyCredential } from '../../../identity/credential.ts'
import { fromHex, toHex } from '../../../kernel/bytes.ts'
import { toCbor } from '../../../kernel/cbor.ts'
import { cborParts } from '../annotated.ts'
import { valuesExample } from '../example.ts'
import type { Example } from '../example.ts'
import { ann, annPeer, bob, certifiedUnder, GROUP, secretsOf } from '../people.ts'

const { identity, device } = secretsOf.ann
const [identityKey, deviceKey] = [ed25519PublicKey(identity), ed25519PublicKey(device)]
const bobKey = ed25519PublicKey(secretsOf.bob.identity)
const credential = decodeCredential(ann.credential)

/** Who somebody is in a space. */
export const identityExamples: readonly Example[] = [
  valuesExample('peer', { 'transport seed': '09'.repeat(32), 'peer id': annPeer }),
  valuesExample(
    'identity',
    {
      'identity seed': identity,
      'identity key': identityKey,
      'member id': ann.memberId,
      'device seed': device,
      'device key': deviceKey,
      'device id': ann.deviceId,
      'leaf seed': secretsOf.ann.leaf,
      'leaf key': ann.leafPublicKey,
    },
    (values) =>
      ['identity', 'device', 'leaf'].every(
        (key) => toHex(ed25519PublicKey(fromHex(values.get(`${key} seed`) ?? ''))) === values.get(`${key} key`),
      ),
  ),
  {
    kind: 'hex',
    name: 'device-statement',
    parts: cborParts(toCbor(['SpacePanda identity certifies device', 1, identityKey, deviceKey, 'Ann']), {
      '': ['label', 'version', 'identity key', 'device key', 'name'],
    }),
    read: (bytes) => ed25519Verify(identityKey, bytes, credential?.deviceSignature ?? new Uint8Array()),
    value: true,
  },
  {
    kind: 'hex',
    name: 'leaf-statement',
    parts: cborParts(toCbor(['SpacePanda device certifies leaf', 1, identityKey, deviceKey, fromHex(GROUP), ann.leafPublicKey]), {
      '': ['label', 'version', 'identity key', 'device key', 'group', 'leaf key'],
    }),
    read: (bytes) => ed25519Verify(deviceKey, bytes, credential?.leafSignature ?? new Uint8Array()),
    value: true,
  },
  {
    kind: 'hex',
    name: 'credential',
    parts: cborParts(ann.credential, { '': ['version', 'identity key', 'name', 'device key', 'device signature', 'leaf signature'] }),
    read: (bytes) => verifyCredential(bytes, GROUP, ann.leafPublicKey),
    value: { memberId: ann.memberId, deviceId: ann.deviceId, name: 'Ann' },
  },
  {
    kind: 'hex',
    name: 'groups-under',
    parts: cborParts(toCbor(['SpacePanda groups under', 1, GROUP]), { '': ['label', 'version', 'space'] }),
    read: (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 32),
    value: certifiedUnder,
  },
  valuesExample('certified-under', { 'certified for': certifiedUnder }),
  valuesExample(
    'safety-number',
    { 'one identity key': identityKey, 'the other': bobKey, number: safetyNumber(identityKey, bobKey) },
    (values) =>
      safetyNumber(fromHex(values.get('the other') ?? ''), fromHex(values.get('one identity key') ?? '')) === values.get('number'),
  ),
  valuesExample('bob', { 'member id': bob.memberId, 'device id': bob.deviceId, 'leaf key': bob.leafPublicKey }),
]
