import type { GroupId, InvitationId, MemberId } from '../../../shared/domain/ids.ts'
import { groupOfSpace, spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { AppError } from '../../kernel/errors.ts'
import { objectsRpc } from '../../network/protocols/objects/objects-rpc.ts'
import type { PeerAddress, WireObject } from '../../ports/wire.ts'
import { decodeIntent } from '../../sync/intents/intent.ts'
import type { Dice } from '../crash/dice.ts'
import { seededDice } from '../crash/dice.ts'
import { seededRandom } from '../mls/seeded.ts'
import { deliveryLies } from './invariants/delivery.ts'
import { authorsKeep, hasLeft, visible } from './invariants/restart.ts'
import { RejectedInput } from './invariants/rejected-input.ts'
import { KeyLedger } from './key-ledger.ts'
import { Ledger } from './ledger.ts'
import type { Wish } from './ledger.ts'
import { Conditions } from './network/conditions.ts'
import type { End } from './network/fabric.ts'
import { Fabric } from './network/fabric.ts'
import { SimMailbox } from './network/sim-mailbox.ts'
import { Crash } from './node/crash.ts'
import type { DurableStore } from './node/sim-node.ts'
import { SimNode } from './node/sim-node.ts'
import type { SimOptions } from './options.ts'
import { quiesce } from './quiesce.ts'
import { nameOf, peerIdOf } from './node/names.ts'
import { nodeClock, Schedule } from './schedule.ts'
import { Trace } from './trace.ts'
import type { Violation } from './violation.ts'
import { violation } from './violation.ts'

/** No world of ours needs as many; one that does never comes to rest. */
const MOST_EVENTS = 2_000_000

/** The longest pause between two looks at a world that comes to rest, and the longest that anybody waits to try again. */
const LOOK_MS = 10_000
const PATIENCE_MS = 130_000

/** How long a process that ended is not there, in milliseconds. */
const AWAY_MS = { least: 20, most: 20_000 } as const

export interface WorldParts {
  storeOf: (name: string) => DurableStore
  hear: ((line: string) => void) | null
  mailboxes: readonly PeerAddress[]
}

/** Real nodes, a simulated network between them, and everything that was said and promised: one seed makes all of it. */
export class World {
  readonly options: SimOptions
  readonly schedule = new Schedule()
  readonly trace: Trace
  readonly dice: Dice
  readonly conditions: Conditions
  readonly fabric: Fabric
  readonly ledger = new Ledger()
  readonly keys = new KeyLedger()
  readonly nodes: SimNode[] = []
  readonly violations: Violation[] = []
  readonly rejected: RejectedInput
  /** Links by which newcomers come, until their join is over. */
  readonly links = new Map<SimNode, { link: string; host: SimNode }>()
  /** By which invitation each came last. */
  readonly invitations = new Map<SimNode, InvitationId>()
  /** Who makes a change that has not come back. */
  readonly changing = new Set<SimNode>()
  /** In a world without concurrent changes: who lets somebody in, and so is the only one to change anything. */
  host: SimNode | null = null
  groupId = '' as GroupId
  events = 0
  epochAtEnd = 0
  returns = 0
  /** How long it took, once all was well, until everybody was seen to agree. */
  restMs = 0
  /** For tests: to go on after what must never be. */
  goOn = false
  #healed = false
  readonly #storeOf: (name: string) => DurableStore
  readonly #mailboxes: readonly PeerAddress[]
  #left: { from: SimNode; object: WireObject }[] = []
  readonly #shown = new Map<SimNode, Map<string, number>>()

  constructor(options: SimOptions, { storeOf, hear, mailboxes }: WorldParts) {
    this.#mailboxes = mailboxes
    this.options = options
    this.#storeOf = storeOf
    this.trace = new Trace(this.schedule, hear)
    this.dice = seededDice(`${options.seed}/actors`)
    this.conditions = new Conditions(seededDice(`${options.seed}/network`), options.faults)
    this.rejected = new RejectedInput(this)
    this.fabric = new Fabric({
      schedule: this.schedule,
      conditions: this.conditions,
      trace: this.trace,
      watchers: {
        leaves: (end, objects) => {
          const from = this.nodeAt(end)
          for (const object of objects) this.#left.push({ from, object })
        },
        arrives: (end, protocol, body) => {
          if (protocol === objectsRpc.id) this.rejected.arrives(this.nodeAt(end), objectsRpc.decodeRequest(body))
        },
      },
    })
  }

  /** `hostile`: one of them means no good. */
  makeMailboxes({ hostile }: { hostile: boolean }): void {
    const { fabric, schedule } = this
    const clock = nodeClock(schedule, 0, () => true)
    for (const [nth, { peerId }] of this.#mailboxes.entries()) new SimMailbox({ nth, peerId, clock, fabric, hostile: hostile && nth === 0 })
  }

  /** Whether there is no use in going on. */
  get failed(): boolean {
    return this.violations.length > 0 && !this.goOn
  }

  get honest(): SimNode[] {
    return this.nodes.filter((node) => !node.hostile)
  }

  get up(): SimNode[] {
    return this.nodes.filter((node) => node.up)
  }

  /** In the group, as far as they know; those who are about to leave, too. */
  get members(): SimNode[] {
    return this.nodes.filter((node) => node.group(this.groupId) !== null)
  }

  nodeAt({ localPeer }: Pick<End, 'localPeer'>): SimNode {
    const node = this.nodes.find(({ peerId }) => peerId === localPeer)
    if (node === undefined) throw new Error('a peer is a node')
    return node
  }

  /** Somebody new, whose process is to be started. */
  arrive(hostile: boolean): SimNode {
    const { options, schedule, fabric, trace } = this
    const nth = this.nodes.length
    const name = `${nameOf(nth)}${hostile ? '!' : ''}`
    const { skewMs } = options.faults
    const node = new SimNode({
      ...{ name, hostile, schedule, fabric, trace, mailboxes: this.#mailboxes },
      peerId: peerIdOf(nth),
      suiteId: options.suiteId,
      random: seededRandom(`${options.seed}/${nth}`),
      keyPace: () => (this.#healed ? undefined : (options.keyPace ?? undefined)),
      skewMs: skewMs === 0 ? 0 : this.dice.between(-skewMs, skewMs),
      store: this.#storeOf(name),
      heard: (who, event) => this.#heard(who, event),
      died: (who) => this.#died(who),
      // What a hostile member finds wrong with itself, having sent what its own device knows nothing of, is as it should be.
      fault: (who, what) => {
        if (!who.hostile) this.violations.push(violation('fault', `${who.name}: ${what}`))
      },
    })
    this.nodes.push(node)
    return node
  }

  start(node: SimNode): void {
    if (node.up) return
    this.trace.write(`${node.name}  starts, for the ${node.lives + 1}. time`)
    const before = node.lives > 0 ? visible(this, node) : null
    void node.start().then(
      () => {
        if (!node.up) return
        // What is here of a space that was left goes on being deleted.
        if (before !== null && !hasLeft(this, node) && visible(this, node) !== before)
          this.violations.push(violation(10, `${node.name} is another after its restart`))
        this.violations.push(...authorsKeep(this, node))
        this.begun(node)
      },
      (thrown: unknown) => this.violations.push(violation('fault', `${node.name} does not start: ${String(thrown)}`)),
    )
  }

  /** A join that the node's last process did not come to begin. */
  begun(node: SimNode): void {
    const coming = this.links.get(node)
    if (coming === undefined || !node.up || node.store.joins.list().some(({ link }) => link === coming.link)) return
    this.call(node, 'starts to join', (api) => api['joins.start']({ link: coming.link }))
  }

  /**
   * One call of the API. What it comes to is known later, if at all: the process may end before. A refusal in words is an
   * outcome; anything else is a fault of the product.
   */
  call<T>(
    node: SimNode,
    what: string,
    run: (api: Api) => Promise<T>,
    then: (value: T) => void = () => undefined,
    failed: () => void = () => undefined,
  ): void {
    const { life, api } = node.now
    const name = `${what} #${this.events}`
    this.trace.write(`${node.name}  ${what}`)
    node.calling.add(name)
    run(api).then(
      (value) => {
        node.calling.delete(name)
        if (life.alive) then(value)
        else failed()
      },
      (thrown: unknown) => {
        node.calling.delete(name)
        failed()
        if (thrown instanceof Crash || !life.alive) return
        this.trace.write(`${node.name}  ${what}: refused, ${thrown instanceof AppError ? thrown.code : String(thrown)}`)
        if (!(thrown instanceof AppError) || thrown.code === 'internal')
          this.violations.push(violation('fault', `${node.name}, ${what}: ${String(thrown)}`))
      },
    )
  }

  /** Lets world time pass. */
  async advance(ms: number): Promise<void> {
    await this.settleWindow()
    const end = this.schedule.now + ms
    for (let next = this.schedule.next; next !== null && next <= end; next = this.schedule.next) {
      this.schedule.step()
      await this.settleWindow()
      this.events += 1
      if (this.events > MOST_EVENTS) throw new Error('the world never comes to rest')
    }
    this.schedule.rest(end)
  }

  /**
   * Until `done`; answers whether it came to that within `mostMs`. Looked at often at first, and only after something happened;
   * when nothing happens any more for longer than anybody waits, nothing will.
   */
  async until(done: () => boolean, mostMs: number, firstMs = 1_000): Promise<boolean> {
    await this.settleWindow()
    let [seen, still] = [-1, 0]
    for (let passed = 0, every = firstMs; ; passed += every, every = Math.min(LOOK_MS, Math.max(firstMs, Math.floor(passed / 10)))) {
      if (this.events !== seen && done()) return true
      still = this.events === seen ? still + every : 0
      seen = this.events
      if (passed >= mostMs || still > PATIENCE_MS || this.failed) return false
      await this.advance(every)
    }
  }

  /** From now on nothing goes wrong, everybody is there, and who is away comes back. */
  heal(): void {
    this.trace.write('all is well from here on')
    this.#healed = true
    this.conditions.heal()
    for (const node of this.nodes) {
      if (!node.up) continue
      node.now.life.trap = null
      // Where keys are renewed all the time nothing comes to rest.
      void node.now.messenger.keyUpdates.stop()
    }
  }

  /** Newest epoch that anybody is in. */
  get newest(): number {
    return Math.max(0, ...this.members.map((node) => node.group(this.groupId)?.epoch ?? 0))
  }

  /** Whether a change by this node would be beside no other, or may be. */
  mayChange(node: SimNode): boolean {
    if (!node.up || !node.takesPart(this.groupId)) return false
    if (this.options.concurrentCommits) return true
    if (this.changing.size > 0 || (this.host !== null && this.host !== node)) return false
    return node.group(this.groupId)?.epoch === this.newest
  }

  /** A call that changes the group. */
  change<T>(
    node: SimNode,
    what: string,
    run: (api: Api) => Promise<T>,
    then: (value: T) => void = () => undefined,
    failed: () => void = () => undefined,
  ): void {
    this.changing.add(node)
    const over = (next: () => void): void => {
      this.changing.delete(node)
      next()
    }
    const done = (value: T): void => over(() => then(value))
    this.call(node, what, run, done, () => over(failed))
  }

  /** The members a node is shown, itself too. */
  audienceOf(node: SimNode): Set<MemberId> {
    const active = node.store.directory.members(this.groupId).filter((member) => member.active)
    return new Set(active.map((member) => member.memberId))
  }

  say(node: SimNode, words?: string): void {
    const channels = node.store.directory.channels(this.groupId)
    if (channels.length === 0) return
    const { channelId } = this.dice.pick(channels)
    const sent = this.ledger.next(node, { audience: this.audienceOf(node), leaves: node.leavesOf(this.groupId) }, words)
    this.call(
      node,
      `writes "${sent.text}"`,
      (api) => api['messages.send']({ channelId, text: sent.text, replyTo: null }),
      ({ messageId }) => {
        sent.messageId = messageId
        sent.audience = this.audienceOf(node)
      },
    )
  }

  #died(node: SimNode): void {
    const away = this.#healed ? AWAY_MS.least : this.dice.between(AWAY_MS.least, AWAY_MS.most)
    this.schedule.after(away, () => this.start(node))
  }

  #heard(node: SimNode, { event, data }: NodeEvent): void {
    if (event === 'message.added') {
      const shown = this.#shown.get(node) ?? new Map<string, number>()
      this.#shown.set(node, shown)
      // Another author's use of the id is a message of its own.
      const id = `${data.author.memberId} ${data.messageId}`
      const times = (shown.get(id) ?? 0) + 1
      shown.set(id, times)
      if (times > 1) this.violations.push(violation(6, `${node.name} is shown "${data.text}" ${times} times`))
    } else if (event === 'message.changed') {
      this.violations.push(...deliveryLies(this, node, data))
    } else if (event === 'join.changed') {
      const { state } = data
      if (state.kind === 'working') return
      this.trace.write(`${node.name}  join: ${state.kind}${state.kind === 'waiting' || state.kind === 'refused' ? ` ${state.code}` : ''}`)
      if (state.kind === 'done') this.#joined(node)
    }
  }

  #joined(node: SimNode): void {
    const memberId = node.member(this.groupId)
    if (memberId === null) return
    this.promised(node, {
      ...{ what: `${node.name} is let in`, subject: `member ${memberId}` },
      holds: ({ roles }) => roles.has(memberId),
      is: () => false,
    })
  }

  /** A person is told that what it asked for is done. */
  promised(actor: SimNode, wish: Wish): void {
    const row = actor.store.intents.list(this.groupId).findLast(({ body }) => wish.is(decodeIntent(body)))
    this.ledger.promises.push({ ...wish, actor, intentId: row?.intentId ?? null })
  }

  /** What ran has ended; what left nodes meanwhile is looked at. */
  async settleWindow(): Promise<void> {
    await quiesce()
    this.violations.push(...this.rejected.settled())
    this.#joinsOver()
    const left = this.#left
    this.#left = []
    const exempt = new Set(this.nodes.filter((node) => node.hostile).flatMap((node) => node.member(this.groupId) ?? []))
    for (const { from, object } of left) {
      const holders = [from, ...this.nodes.filter((node) => node !== from && node.lives > 0)]
      const wrong = await this.keys.note(this.groupId, holders, exempt, object)
      if (wrong !== null) this.violations.push(violation(5, `${from.name}: ${wrong}`))
    }
  }

  #joinsOver(): void {
    for (const node of this.links.keys()) {
      const join = node.store.joins.list().findLast((row) => row.link === this.links.get(node)?.link)
      if (join === undefined || !['done', 'refused', 'cancelled'].includes(join.state.kind)) continue
      this.links.delete(node)
      if (join.state.kind === 'done' && node.leavesBefore.size > 0) this.returns += 1
      this.host = null
    }
  }

  async found(node: SimNode): Promise<void> {
    this.call(
      node,
      'makes the space',
      (api) => api['spaces.create']({ name: 'Friends' }),
      ({ spaceId }) => {
        this.groupId = groupOfSpace(spaceId)
      },
    )
    await this.settleWindow()
  }

  get spaceId() {
    return spaceOfGroup(this.groupId)
  }
}
