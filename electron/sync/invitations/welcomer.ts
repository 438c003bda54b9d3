import type { MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import { fromHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import type { JoinRequest, Welcomer } from '../../ports/wire.ts'

const LABEL = 'spacepanda/welcomer/1'

/** One giving of a Welcome, between peers as Noise proved them. */
export interface Giving extends Pick<JoinRequest, 'requestId'> {
  giver: PeerId
  asker: PeerId
}

/** Both peers are in it: whoever passes the request on gets a proof that is none before the newcomer, and has no other to show it. */
const statement = ({ requestId, giver, asker }: Giving): Uint8Array => toCbor([fromHex(requestId), giver, asker])

/** `state`: where the giver is. */
export const signWelcomer = (engine: GroupEngine, state: GroupState, giving: Giving): Welcomer => ({
  leafIndex: engine.self(state).leafIndex,
  signature: engine.sign(state, LABEL, statement(giving)),
})

/** Which member the giver is where the Welcome leads; null for a proof that does not hold there. */
export const readWelcomer = (engine: GroupEngine, state: GroupState, giving: Giving, { leafIndex, signature }: Welcomer): MemberId | null =>
  engine.verify(state, LABEL, statement(giving), leafIndex, signature)?.memberId ?? null
