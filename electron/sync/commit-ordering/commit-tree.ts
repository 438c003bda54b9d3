import type { Eid, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
export interface CommitNode { objectId: ObjectId; parent: Eid; child: Eid; author: MemberId; authorLeaf: number; removes: readonly MemberId[] }
export interface Standing { seniority: number; rank: Uint8Array }
export interface CommitTree { root: Eid; commits: readonly CommitNode[]; seen: ReadonlyMap<Eid, ReadonlySet<MemberId>> }
