import type { GroupId, JoinId } from '../../../shared/domain/ids.ts'
import { findLink } from '../../../shared/domain/pasted-link.ts'
import type { Join } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { Serial } from '../../kernel/serial.ts'
import type { JoinRow, Repositories } from '../../ports/store.ts'
import { parseLink } from '../../sync/invitations/link.ts'
import type { InvitationLink } from '../../sync/invitations/link.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { hasLeaveOffer, isLeft } from '../../sync/members/leave-offer.ts'
import { isAstray, unmarkUninvited } from '../../sync/returning/astray.ts'
import { isBesides } from '../../sync/returning/join-again.ts'
import { joinView } from '../views/views.ts'
import { isOver, JoinRunner } from './join-runner.ts'
import type { JoinDeps } from './join-runner.ts'
import { isOfSameMember, isOut, makeOfferAgain } from './again.ts'
import { dropStaleGivenUp, givenUp } from './given-up.ts'
import { endOffer, makeOffer, offerOf, offerOfOther, putOffer } from './offer.ts'
import type { NewOffer } from './offer.ts'
import { outdone, takePlace } from './outdone.ts'
import { refusalText } from './refusals.ts'

/** Joins under way at the same time; more are a mistake or a flood. */
const MAX_OPEN_JOINS = 20

/**
 * Reads the link in a text that somebody pasted, and answers it alone too. Throws `AppError`, in words that say what is wrong:
 * 'invitation-malformed', 'invitation-expired', 'invalid' where there are two.
 */
export function readLink(pasted: string, now: number): InvitationLink & { text: string } {
  const found = findLink(pasted, (one) => parseLink(one) !== null)
  if (found.kind === 'several')
    throw new AppError('invalid', 'There is more than one invitation link in this. Give the one that you want to use.')
  const link = found.kind === 'found' ? parseLink(found.link) : null
  if (found.kind === 'none' || link === null) throw new AppError('invitation-malformed', refusalText('invitation-malformed', 'connecting'))
  if (now > link.expiresAt) throw new AppError('invitation-expired', refusalText('invitation-expired', 'connecting'))
  return { ...link, text: found.link }
}

/** Why a space that is here already cannot be joined. */
function stillHere(store: Repositories, groupId: GroupId): AppError {
  if (isLeft(store, groupId))
    return new AppError(
      'conflict',
      'You are leaving this space. Once its members know and it is gone from this device, you can join again.',
    )
  return new AppError('already-member', refusalText('already-member', 'connecting'))
}

/** Waits to be let in again, and does not want to be gone. */
const takesInvitation = (store: Repositories, groupId: GroupId): boolean =>
  isAstray(store, groupId) && !hasLeaveOffer(store, groupId) && readEnded(store, groupId) === null

/** All joins of the profile. */
export class Joins {
  readonly #deps: JoinDeps
  readonly #starting = new Serial()
  readonly #runners = new Map<JoinId, JoinRunner>()
  /** Before that there is no network to ask by. */
  #isResumed = false

  constructor(deps: JoinDeps) {
    this.#deps = deps
  }

  /** Goes on with what a restart interrupted, and begins what was asked for since. */
  resume(): void {
    this.#isResumed = true
    const { store, clock } = this.#deps
    this.#dropOutdone()
    store.transaction((tx) => dropStaleGivenUp(tx, clock.now()))
    for (const row of store.joins.list()) if (!isOver(row.state)) this.#run(row.joinId)
  }

  /** One at a time, so that the same link given twice at once is one join. */
  start(pasted: string, name: string): Promise<Join> {
    return this.#starting.run(() => this.#start(pasted, name))
  }

  async #start(pasted: string, name: string): Promise<Join> {
    const { store, clock, random, engine } = this.#deps
    const { text, groupId, invitationId, spaceName, expiresAt } = readLink(pasted, clock.now())
    const group = store.groups.get(groupId)
    const wasRemoved = group !== null && isOut(store, groupId)
    if (group !== null && !wasRemoved && !takesInvitation(store, groupId)) throw stillHere(store, groupId)
    const open = store.joins.list().filter((row) => !isOver(row.state))
    const others = open.filter((row) => row.groupId === groupId)
    const same = others.find((row) => parseLink(row.link)?.invitationId === invitationId)
    if (same !== undefined) {
      this.#run(same.joinId)
      return this.#view(same)
    }
    if (open.length >= MAX_OPEN_JOINS) throw new AppError('too-large', 'Too many joins are under way. Cancel one first.')
    const other = others.find((one) => !isBesides(one) && (group === null || isOfSameMember(one, group)))
    const shared = other === undefined ? null : offerOfOther(store, other)
    // Who asked before, and gave it up, may be a member already.
    const before = group === null ? givenUp(store, groupId, name, clock.now()) : null
    const makeNew = () => (before === null ? makeOffer(engine, groupId, name, random) : offerOf(engine, groupId, before))
    const makeOwn = () => (wasRemoved ? makeOfferAgain(store, engine, groupId, random) : makeNew())
    // Whoever is in the space, and waits to be let in where the others are, asks as the one they are.
    const offer = group !== null && !wasRemoved ? null : (shared ?? (await makeOwn()))
    const row: JoinRow = {
      joinId: random.id(),
      link: text,
      groupId,
      spaceName,
      memberName: name,
      requestId: random.id(),
      identity: offer?.encodedIdentity ?? new Uint8Array(),
      state: { kind: 'working', step: 'connecting' },
      attempts: 0,
      startedAt: clock.now(),
      expiresAt,
    }
    return offer === null ? this.#beginAgain(row) : this.#beginNew(row, offer)
  }

  #beginNew(row: JoinRow, offer: NewOffer): Join {
    this.#deps.store.transaction((tx) => putOffer(tx, row, offer))
    return this.#began(row)
  }

  /** This device is in the space where nobody else is: it asks by this invitation until it is in or this is cancelled (`../returning.ts`). */
  #beginAgain(row: JoinRow): Join {
    this.#deps.store.transaction((tx) => {
      tx.joins.put(row)
      takePlace(tx, row)
      unmarkUninvited(tx, row.groupId)
    })
    this.#deps.letIn(row.groupId)
    return this.#began(row)
  }

  #began(row: JoinRow): Join {
    this.#deps.changed(joinView(row, null))
    this.#run(row.joinId)
    return this.#view(row)
  }

  /** This device is where the others are, whatever let it in. */
  entered(groupId: GroupId): void {
    this.#dropOutdone()
    for (const row of this.#deps.store.joins.list()) if (row.groupId === groupId && !isOver(row.state)) this.#run(row.joinId)
  }

  list(): Join[] {
    return this.#deps.store.joins.list().map((row) => this.#view(row))
  }

  retry(joinId: JoinId): Join {
    const row = this.#get(joinId)
    if (!isOver(row.state)) this.#run(joinId)
    return this.#view(row)
  }

  /** Does nothing to one that has ended: what was joined is joined. */
  async cancel(joinId: JoinId): Promise<Join> {
    await this.#halt(joinId)
    return this.#cancelled(this.#get(joinId))
  }

  async #halt(joinId: JoinId): Promise<void> {
    await this.#runners.get(joinId)?.stop()
    this.#runners.delete(joinId)
  }

  #cancelled(row: JoinRow): Join {
    if (isOver(row.state)) return this.#view(row)
    const { store, clock } = this.#deps
    const cancelled = store.transaction((tx) => endOffer(tx, { ...row, state: { kind: 'cancelled' } }, clock.now()))
    const join = joinView(cancelled, null)
    this.#deps.changed(join)
    return join
  }

  dismiss(joinId: JoinId): void {
    const row = this.#get(joinId)
    if (!isOver(row.state)) throw new AppError('invalid', 'This join is still under way. Cancel it first.')
    this.#deps.store.transaction((tx) => {
      tx.joins.delete(joinId)
    })
    this.#runners.delete(joinId)
  }

  /** What is here of that space is being deleted: what would come back to it ends. */
  async forgotten(groupId: GroupId): Promise<void> {
    const open = this.#deps.store.joins.list().filter((row) => row.groupId === groupId && !isOver(row.state))
    await Promise.all(
      open.map(async ({ joinId }) => {
        await this.#halt(joinId)
        // It may have gone with the space by now.
        const row = this.#deps.store.joins.get(joinId)
        if (row !== null) this.#cancelled(row)
      }),
    )
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()))
    this.#runners.clear()
  }

  #get(joinId: JoinId): JoinRow {
    const row = this.#deps.store.joins.get(joinId)
    if (row === null) throw new AppError('not-found', 'There is no such join.')
    return row
  }

  #view(row: JoinRow): Join {
    return joinView(row, this.#runners.get(row.joinId)?.step ?? null)
  }

  #dropOutdone(): void {
    const rows = outdone(this.#deps.store)
    if (rows.length === 0) return
    this.#deps.store.transaction((tx) => {
      for (const { joinId } of rows) tx.joins.delete(joinId)
    })
  }

  #run(joinId: JoinId): void {
    if (!this.#isResumed) return
    const runner = this.#runners.get(joinId) ?? new JoinRunner(this.#deps, joinId)
    this.#runners.set(joinId, runner)
    runner.kick()
  }
}
