import type { ChannelId, GroupId, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import type { GroupMember, GroupState } from '../../crypto/mls/group-engine.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import { Serial } from '../../kernel/serial.ts'
import { Turn } from '../../kernel/turn.ts'
import type { GroupRow, ObjectRow, Repositories, StoredMessage } from '../../ports/store.ts'
import { encodeContent } from '../content/mimi-content.ts'
import type { MimiContent } from '../content/mimi-content.ts'
import { may } from '../policy/roles.ts'
import type { Capability } from '../policy/roles.ts'
import { whatWasRead } from '../reading/what-was-read.ts'
import { noteLeafKey } from '../updates/leaf-keys.ts'
import { wantedIn } from '../under/wanted.ts'
import { writeMoved, writeNext } from './epoch-store.ts'
import type { GroupDeps } from './group-deps.ts'
import { mirror } from './mirror.ts'
import { nextTip } from './next-tip.ts'
import { notePresenceKey } from './presence-keys.ts'
import type { Tip } from './next-tip.ts'
import { objectIdOf } from './object-id.ts'

/**
 * A group this device is in. Everything that moves its MLS state goes through `exclusive`, one thing at a time;
 * each is stored in one transaction before `tip` changes and before anybody hears of it.
 */
export class LiveGroup {
  readonly groupId: GroupId
  readonly deps: GroupDeps
  readonly #serial = new Serial()
  readonly #turn = new Turn()
  #tip: Tip
  #closed = false
  /** When something that others brought was stored last. */
  progressedAt = 0
  /** How often. */
  progress = 0
  /** How many pushes are here and not stored yet. */
  arriving = 0

  constructor(deps: GroupDeps, tip: Tip) {
    this.deps = deps
    this.#tip = tip
    this.groupId = tip.row.groupId
  }

  get tip(): Tip {
    return this.#tip
  }

  /**
   * The tip, for encrypting or committing: the only door to that. What was put back from an older copy does not know what
   * was sent since, and would use the same keys for other words. Throws `AppError('returning')`.
   */
  forSending(): Tip {
    if (this.#tip.row.returning) {
      throw new AppError(
        'returning',
        'This device is being let in to this space again. As soon as one of its members is connected it gets fresh keys; you can write then.',
      )
    }
    return this.#tip
  }

  /** The space that this group is under; null for a space. */
  get parent(): GroupId | null {
    return this.deps.engine.parent(this.#tip.state)
  }

  get self(): MemberId {
    return this.#tip.row.selfMemberId
  }

  members(): GroupMember[] {
    return this.deps.engine.members(this.#tip.state)
  }

  may(capability: Capability): boolean {
    return may(this.#tip.settings.roles.get(this.self) ?? 'guest', capability)
  }

  demand(capability: Capability, what: string): void {
    if (!this.may(capability)) throw new AppError('not-permitted', `Your role in this space does not let you ${what}.`)
  }

  /** A turn of the event loop each: many objects in one push, or many calls at once, must not hold up everything else. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    return this.#serial.run(async () => {
      await this.#turn.take()
      return task()
    })
  }

  /** Let the event loop come round between the parts of one long task. Call inside `exclusive`. */
  turn(): Promise<void> {
    return this.#turn.take()
  }

  async idle(): Promise<void> {
    await this.#serial.idle()
  }

  /**
   * What is stored here is older than what was sent from it; that this group returns is stored already. At once, not in its turn: what
   * is under way would still use those keys, and take the mark away.
   */
  markReturning(): void {
    this.#tip = { ...this.#tip, row: { ...this.#tip.row, returning: true } }
  }

  /** What is here of it is being deleted: whatever comes round to it only now writes nothing, or part of it would be here again. */
  close(): void {
    this.#closed = true
  }

  /**
   * Writes with `write`, then takes `next` as the tip. Call inside `exclusive`. That a group returns ends with `isFree` alone: by a fresh leaf, or because it stays.
   * Throws `AppError('not-found')` once it is closed.
   */
  commitTip<T>(next: Tip, write: (tx: Repositories) => T, { isFree = false } = {}): T {
    if (this.#closed) throw new AppError('not-found', 'This space was deleted from this device.')
    const returning = next.row.returning || (this.#tip.row.returning && !isFree)
    const row = { ...next.row, returning }
    const result = this.deps.store.transaction((tx) => {
      tx.groups.put(row)
      const now = this.deps.clock.now()
      notePresenceKey(tx, this.groupId, { was: this.#tip.settings, is: next.settings, now })
      noteLeafKey(tx, this.deps.engine, { was: this.#tip, is: next, now })
      return write(tx)
    })
    this.#tip = { ...next, row }
    return result
  }

  /** Writes what is beside its state. Does nothing where it was deleted from this device meanwhile: nobody would ever delete that. */
  note(write: (tx: Repositories) => void): void {
    this.deps.store.transaction((tx) => {
      if (tx.groups.get(this.groupId) !== null) write(tx)
    })
  }

  /** `commitTip` for what was encrypted or committed. Throws `AppError('returning')` if that is known only now. */
  commitSent<T>(next: Tip, write: (tx: Repositories) => T): T {
    this.forSending()
    return this.commitTip(next, write)
  }

  /** The tip of the next epoch and the writes that every change of epoch needs. Call inside `exclusive`. */
  async nextEpoch(state: GroupState): Promise<{ tip: Tip; write: (tx: Repositories) => void }> {
    const { engine, clock } = this.deps
    const parent = this.#tip.row.tip
    const tip = await nextTip(engine, this.#tip, state)
    const write = (tx: Repositories) => {
      writeNext(tx, engine, this.groupId, { eid: tip.row.tip, epoch: tip.row.epoch, state }, parent, clock.now())
      mirror(tx, engine, tip)
    }
    return { tip, write }
  }

  /** Encrypts, stores and queues a message in one step. Resolves once it is durable. */
  send(channelId: ChannelId, text: string, replyTo: MessageId | null): Promise<StoredMessage> {
    return this.exclusive(async () => {
      this.demand('send', 'write messages')
      if (!this.forSending().settings.channels.some((c) => c.channelId === channelId))
        throw this.deps.store.directory.channel(channelId) === null
          ? new AppError('not-found', 'There is no such channel.')
          : new AppError(
              'not-permitted',
              'This channel was made while members were apart, and is not in the space. What was said in it can be read.',
            )
      const made = await this.#encrypt({ topicId: fromHex(channelId), inReplyTo: replyTo && fromHex(replyTo), text })
      const { object, salt, lamport, content } = made
      // Also to those who were asked in and whose keys are not here yet: they are shown as such (`sync/under/wanted.ts`).
      const everyone = new Set([...this.members().map((m) => m.memberId), ...wantedIn(this.deps.store, this.groupId)])
      const recipients = [...everyone].filter((m) => m !== this.self)
      const message = this.commitSent(made.next, (tx) => {
        made.write(tx)
        tx.deliveries.owe(object.objectId, this.groupId, recipients)
        return tx.messages.add({
          messageId: toHex(salt) as MessageId,
          groupId: this.groupId,
          channelId,
          objectId: object.objectId,
          author: this.self,
          sentAt: object.storedAt,
          lamport,
          text,
          fileNames: [],
          replyTo,
          content,
          failure: null,
        })
      })
      invariant(message !== null, 'a fresh random id is unused')
      // On its way first: to show it takes as long as the way there.
      this.deps.events.objectStored(this.groupId, object)
      this.deps.events.messageAdded(message)
      return message
    })
  }

  /**
   * Encrypts a message of ours once more, as the same message, for those who cannot read the epoch it was written in. Whoever has
   * it already takes it for what it is. Call inside `exclusive`.
   */
  async sendAgain(message: StoredMessage): Promise<void> {
    const { sentAt, lamport, text, messageId, replyTo } = message
    const said = { topicId: fromHex(message.channelId), inReplyTo: replyTo && fromHex(replyTo), text }
    const { object, next, write } = await this.#encrypt(said, { salt: fromHex(messageId), sentAt, lamport })
    this.commitSent(next, (tx) => {
      write(tx)
      tx.deliveries.move(message.objectId, object.objectId)
      tx.messages.move(message.objectId, object.objectId)
      tx.messages.setFailure(object.objectId, null)
    })
    this.deps.events.objectStored(this.groupId, object)
  }

  /** Says nothing but that this device is in the epoch it is in. Owed to nobody: whoever lacks it is brought it like everything. */
  acknowledge(): Promise<void> {
    return this.#whisper({ topicId: new Uint8Array() })
  }

  /** Says what the person read in a channel of what arrived here after `after`. Owed to nobody, like an acknowledgement. */
  tellRead(channelId: ChannelId, after: number): Promise<void> {
    return this.exclusive(async () => {
      const read = whatWasRead(this.deps.store, this, channelId, after)
      if (read.length > 0) await this.#whisper({ topicId: fromHex(channelId), read })
    })
  }

  async #whisper(what: Pick<MimiContent, 'topicId' | 'read'>): Promise<void> {
    const { object, next, write } = await this.#encrypt({ ...what, inReplyTo: null, text: null })
    this.commitSent(next, write)
    this.deps.events.objectStored(this.groupId, object)
  }

  async #encrypt(
    said: Pick<MimiContent, 'topicId' | 'inReplyTo' | 'text' | 'read'>,
    again?: Pick<MimiContent, 'salt'> & { sentAt: number; lamport: number },
  ) {
    const { engine, clock, random, store } = this.deps
    const { state, row, settings } = this.forSending()
    const salt = again?.salt ?? random.bytes(16)
    const sentAt = again?.sentAt ?? clock.now()
    const lamport = again?.lamport ?? Math.max(sentAt, store.messages.newestLamport(this.groupId) + 1)
    const seq = row.sentSeq + 1
    const content = encodeContent({ ...said, salt, extensions: { seq, prev: previousOf(row, store), lamport, sentAt } })
    const encrypted = await engine.encrypt(state, content, new Uint8Array())
    const object: ObjectRow = {
      objectId: objectIdOf(encrypted.message),
      groupId: this.groupId,
      kind: 'message',
      eid: row.tip,
      epoch: row.epoch,
      sender: this.self,
      senderSeq: seq,
      bytes: encrypted.message,
      storedAt: clock.now(),
    }
    const next: Tip = { settings, state: encrypted.state, row: { ...row, sentSeq: seq, sentObject: object.objectId } }
    const write = (tx: Repositories): void => {
      writeMoved(tx, engine, this.groupId, row.tip, { before: state, after: encrypted.state })
      tx.objects.put(object)
      tx.witnesses.note(this.groupId, row.tip, this.self)
    }
    return { object, salt, lamport, content, next, write }
  }
}

/** Epoch 0 where the object is pruned: nobody can still be waiting for it, so a newcomer's chain may begin here. */
function previousOf(row: GroupRow, store: Repositories): { object: Uint8Array; epoch: number } | null {
  if (row.sentObject === null) return null
  return { object: fromHex(row.sentObject), epoch: store.objects.get(row.sentObject)?.epoch ?? 0 }
}
