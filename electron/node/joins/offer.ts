import { z } from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, KeyPackagePair } from '../../crypto/mls/group-engine.ts'
import { createLocalIdentity, decodeLocalIdentity, encodeLocalIdentity } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/local-identity.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import type { JoinRow } from '../../ports/store.ts'

/** What a join offers to the group: who will be added, and the key packages with their private halves. */
export interface Offer {
  identity: LocalIdentity
  encodedIdentity: Uint8Array
  pairs: KeyPackagePair[]
}

const bytes = z.instanceof(Uint8Array)
const stored = z.array(z.tuple([bytes, bytes])).min(1)

/** A fresh identity for the space and one key package made with it, encoded for the join's row. */
export async function makeOffer(
  engine: GroupEngine,
  groupId: GroupId,
  name: string,
  random: Random,
): Promise<Pick<JoinRow, 'identity' | 'keyPackages'>> {
  const identity = createLocalIdentity(groupId, name, random)
  const pair = await engine.keyPackage(groupId, identity)
  return { identity: encodeLocalIdentity(identity), keyPackages: toCbor([[pair.publicPackage, pair.privatePackage]]) }
}

/** Throws `AppError('unreadable')`: the row is our own. */
export function readOffer(row: JoinRow): Offer {
  const pairs = fromCbor(row.keyPackages, stored)
  if (pairs === null) throw new AppError('unreadable', 'A join in progress cannot be read from the database.')
  const identity = decodeLocalIdentity(row.identity)
  return {
    identity,
    encodedIdentity: row.identity,
    pairs: pairs.map(([publicPackage, privatePackage]) => ({ publicPackage, privatePackage })),
  }
}
