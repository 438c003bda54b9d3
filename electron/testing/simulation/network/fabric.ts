import type { PeerId } from '../../../../shared/domain/ids.ts'
import { AppError } from '../../../kernel/errors.ts'
import { helloRpc } from '../../../network/protocols/hello/hello-rpc.ts'
import { Refused } from '../../../network/protocols/rpc.ts'
import type { WireObject } from '../../../ports/wire.ts'
import type { Schedule } from '../schedule.ts'
import type { Trace } from '../trace.ts'
import type { Conditions } from './conditions.ts'

/** How long a dial that nobody hears is tried, and how much later than its deadline an answer is not waited for. */
const DIAL_MS = 10_000

/** What stands at each end of a connection: a `SimNetwork`. */
export interface End {
  readonly localPeer: PeerId
  readonly name: string
  readonly running: boolean
  /** Somebody dialed. Null where a dial of ours goes before. `plain`: only to ask to be let in. */
  accept(from: End, plain: boolean): Link | null
  /** Null resets the connection; `Refused` says no. */
  serve(link: Link, protocol: string, body: Uint8Array): Promise<Uint8Array | null>
  /** The connection is gone, as this end notices. */
  gone(link: Link): void
}

export interface Link {
  readonly id: number
  readonly ends: readonly [End, End]
  open: boolean
  /** What ends the questions under way, by who asked. */
  readonly asking: Map<End, Set<(error: AppError) => void>>
}

export interface Question {
  protocol: string
  body: Uint8Array
  deadlineMs: number
  signal: AbortSignal
  /** For the trace. */
  what: string
  /** For the trace, too: what the answer says. */
  tell?: (answer: Uint8Array) => string
}

/** What leaves a node, seen from above. */
export interface Watchers {
  leaves(from: End, objects: readonly WireObject[]): void
  /** Around what a push does to its receiver. */
  arrives(at: End, protocol: string, body: Uint8Array): void
}

/**
 * Everything between the nodes of a world. Each thing that happens here is an event of the world that touches one node alone,
 * so that what nodes do never runs beside each other.
 */
export class Fabric {
  readonly conditions: Conditions
  readonly #schedule: Schedule
  readonly #trace: Trace
  readonly watchers: Watchers
  readonly #ends = new Map<PeerId, End>()
  readonly #links = new Set<Link>()
  readonly #underWay = new Map<Question, End>()
  #made = 0

  constructor(parts: { schedule: Schedule; conditions: Conditions; trace: Trace; watchers: Watchers }) {
    this.#schedule = parts.schedule
    this.conditions = parts.conditions
    this.#trace = parts.trace
    this.watchers = parts.watchers
  }

  /** What somebody who is there asked and has had no answer to. */
  underWay(): Question[] {
    return [...this.#underWay].flatMap(([question, from]) => (from.running ? question : []))
  }

  put(end: End): void {
    this.#ends.set(end.localPeer, end)
  }

  after(ms: number, run: () => void): () => void {
    return this.#schedule.after(ms, run)
  }

  /** A node is no more: its connections go without a word. */
  lost(end: End): void {
    for (const link of this.#links) if (link.ends.includes(end)) this.close(link)
  }

  /** Connections that conditions allow no more break, as each end comes to notice. */
  applyConditions(): void {
    for (const link of this.#links) {
      const [a, b] = link.ends.map((end) => end.localPeer) as [PeerId, PeerId]
      // One that is cut in one direction only is noticed by nobody: what is said that way is lost.
      if (!this.conditions.reaches(a, b) && !this.conditions.reaches(b, a)) this.close(link)
    }
  }

  link(a: End, b: End): Link {
    const link: Link = { id: this.#made++, ends: [a, b], open: true, asking: new Map() }
    this.#links.add(link)
    return link
  }

  close(link: Link, notice = () => this.conditions.notice()): void {
    if (!link.open) return
    link.open = false
    this.#links.delete(link)
    for (const end of link.ends)
      this.#schedule.after(notice(), () => {
        if (!end.running) return
        this.#endQuestions(link, end)
        end.gone(link)
      })
  }

  /** An end closes it: it knows at once. */
  hangUp(link: Link, end: End): void {
    this.#endQuestions(link, end)
    this.close(link, () => this.conditions.delay(link.ends[0].localPeer, link.ends[1].localPeer))
  }

  /** Resolves to nothing where nobody was reached; the other end may say that its own dial goes before. */
  dial(from: End, to: PeerId, plain: boolean): Promise<Link | 'unreachable' | 'timed-out' | 'crossed'> {
    const { promise, resolve } = Promise.withResolvers<Link | 'unreachable' | 'timed-out' | 'crossed'>()
    const { conditions } = this
    const later = (ms: number, value: Link | 'unreachable' | 'timed-out' | 'crossed'): void => {
      this.#schedule.after(ms, () => {
        resolve(value)
      })
    }
    const unheard = (): void => later(DIAL_MS, 'timed-out')
    this.#schedule.after(conditions.delay(from.localPeer, to), () => {
      const other = this.#ends.get(to)
      if (!conditions.reaches(from.localPeer, to) || !from.running) return unheard()
      if (other?.running !== true) return later(conditions.delay(to, from.localPeer), 'unreachable')
      if (!conditions.reaches(to, from.localPeer) || conditions.loses()) return unheard()
      const link = other.accept(from, plain)
      later(conditions.delay(to, from.localPeer), link ?? 'crossed')
    })
    return promise
  }

  /** Asks the other end. Fails with `AppError('unreachable' | 'timed-out' | 'cancelled')`. */
  ask(link: Link, from: End, question: Question): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
    const to = link.ends[0] === from ? link.ends[1] : link.ends[0]
    const { signal, deadlineMs, what } = question
    const where = `${from.name} → ${to.name}  ${what}`
    if (signal.aborted || !link.open) return Promise.reject(signal.aborted ? cancelled() : unreachable())
    const open = link.asking.get(from) ?? new Set()
    link.asking.set(from, open)
    const end = (settle: () => void): void => {
      cancelDeadline()
      this.#underWay.delete(question)
      signal.removeEventListener('abort', onAbort)
      open.delete(fail)
      // Of a process that is dead nothing goes on.
      if (from.running) settle()
    }
    const fail = (error: AppError): void => end(() => reject(error))
    const onAbort = (): void => fail(cancelled())
    const cancelDeadline = this.#schedule.after(deadlineMs, () => fail(new AppError('timed-out', 'The other side did not answer in time.')))
    signal.addEventListener('abort', onAbort, { once: true })
    open.add(fail)
    this.#underWay.set(question, from)
    const answered = (answer: Uint8Array | 'refused'): void => end(() => (answer === 'refused' ? reject(unreachable()) : resolve(answer)))
    const send = (nth: number): void => {
      if (this.#isLost(link, from, to, `${where}${nth > 0 ? ' again' : ''}`)) return
      this.#schedule.after(this.conditions.delay(from.localPeer, to.localPeer), () => {
        if (!link.open || !to.running || !this.conditions.reaches(from.localPeer, to.localPeer)) return
        this.#serve(link, { from, to, question, where: `${where}${nth > 0 ? ' again' : ''}`, answered })
      })
    }
    send(0)
    // Each hello has a stream of its own, which repeats nothing.
    if (question.protocol !== helloRpc.id && this.conditions.duplicates()) send(1)
    return promise
  }

  #serve(
    link: Link,
    asked: { from: End; to: End; question: Question; where: string; answered: (answer: Uint8Array | 'refused') => void },
  ): void {
    const { from, to, question, where, answered } = asked
    this.watchers.arrives(to, question.protocol, question.body)
    const back = (answer: Uint8Array | 'refused'): void => {
      if (!to.running) return
      this.#trace.write(`${where}${answer === 'refused' ? '  refused' : told(question, answer)}`)
      if (this.#isLost(link, to, from, `${where}  answer`)) return
      this.#schedule.after(this.conditions.delay(to.localPeer, from.localPeer), () => {
        if (link.open && from.running && this.conditions.reaches(to.localPeer, from.localPeer)) answered(answer)
      })
    }
    to.serve(link, question.protocol, question.body).then(
      (answer) => {
        if (answer !== null) back(answer)
        else this.close(link)
      },
      (thrown: unknown) => {
        if (thrown instanceof Refused) back('refused')
        else if (to.running) this.#trace.write(`${where}  failed: ${String(thrown)}`)
      },
    )
  }

  #isLost(link: Link, from: End, to: End, what: string): boolean {
    if (!this.conditions.reaches(from.localPeer, to.localPeer)) {
      this.#trace.write(`${what}  lost on the way: nobody there`)
      return true
    }
    if (!this.conditions.loses()) return false
    const breaks = this.conditions.breaks()
    this.#trace.write(`${what}  ${breaks ? 'lost, with the connection' : 'lost'}`)
    if (breaks) this.close(link)
    return true
  }

  #endQuestions(link: Link, end: End): void {
    for (const fail of [...(link.asking.get(end) ?? [])]) fail(unreachable())
  }
}

const told = ({ tell }: Question, answer: Uint8Array): string => (tell === undefined ? '' : `  ${tell(answer)}`)

const unreachable = (): AppError => new AppError('unreachable', 'There is no connection to this member now.')
const cancelled = (): AppError => new AppError('cancelled', 'This was cancelled.')
