import type { ChannelId, MemberId, SpaceId } from '../../../shared/domain/ids.ts'

/** `leaving` and `removed`: as somebody asked for it; `joining`: as they asked, and nobody said yet that they are in. */
export type Standing = 'outside' | 'joining' | 'in' | 'leaving' | 'removed'

export interface Said {
  text: string
  author: MemberId
  channelId: ChannelId
  /** Whom the author saw in the channel just before. */
  to: ReadonlySet<MemberId>
  /**
   * By name, and who may have come while it was written, too. Somebody who left and came back as another member may be given what was for them
   * before, by an author who has not heard of that.
   */
  may: Set<string>
  /** Whether the call was answered: what was being said when its process was killed may be lost. */
  accepted: boolean
}

export interface Made {
  name: string
  /** Null: everybody in the space. */
  members: ReadonlySet<MemberId> | null
  /** Who of them was removed from the space since: mostly they are let go there before they are back. */
  maybe: Set<MemberId>
  /** Whether the call was answered. */
  accepted: boolean
}

/** What a story knows of what it did, and so of how it has to end. */
export class Book {
  readonly spaceId: SpaceId
  /** Never leaves and is never removed; alone gives roles, invites and removes. */
  readonly founder: string
  /** The newest. */
  link = ''
  readonly channels: Made[] = []
  readonly said: Said[] = []
  /** Who was asked out, or to go, by a process that was killed meanwhile: how they stand is seen at the end. */
  readonly doubtful = new Set<string>()
  /**
   * Who came by a link, or was about to, when somebody was removed: that ends every such link, and who came by a commit that lost against the
   * removal is told that it takes another invitation.
   */
  readonly uninvited = new Set<string>()
  /** Who gave up a join and has not asked again yet: others may have them for a member. */
  readonly gaveUp = new Set<string>()
  /** Who came back that had been removed: how much had been said then, of which they need have nothing. */
  readonly back = new Map<string, number>()
  readonly #standings = new Map<string, Standing>()
  readonly #begun = performance.now()
  readonly #tell: (line: string) => void

  constructor(given: Pick<Book, 'spaceId' | 'founder'> & { names: readonly string[]; tell: (line: string) => void }) {
    this.#tell = given.tell
    this.spaceId = given.spaceId
    this.founder = given.founder
    for (const name of given.names) this.set(name, name === given.founder ? 'in' : 'outside')
  }

  standing(name: string): Standing {
    return this.#standings.get(name) ?? 'outside'
  }

  set(name: string, standing: Standing): void {
    this.#standings.set(name, standing)
  }

  all(standing: Standing): string[] {
    return [...this.#standings].flatMap(([name, at]) => (at === standing ? name : []))
  }

  /** What was done and what came of it, for whoever reads of a failure. */
  note(line: string): void {
    this.#tell(`${((performance.now() - this.#begun) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
  }
}
