import type { UpdateFailure, UpdateObstacle, UpdateOffer, UpdateStep, UpdateView, UpdateWish } from '../../shared/ipc/updates.ts'
import type { Clock } from '../kernel/clock.ts'
import { faultName } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import type { Result } from '../kernel/result.ts'
import { failureOf } from './failures.ts'
import type { KeySet } from './keys/key-set.ts'
import type { MemoryKeeper } from './memory.ts'
import type { PackageStore } from './package-store.ts'
import { isStale, judgeAnnouncement } from './release/judge.ts'
import type { Believed, Installed } from './release/judge.ts'
import type { ReleaseFile } from './release/release.ts'
import { firstCheckAfter, isOverdue, nextCheckAfter } from './schedule.ts'
import type { UpdateServer } from './update-server.ts'

/** What a program that can update itself stands on. */
export interface Means {
  server: UpdateServer
  keys: KeySet
  installed: Installed
  packages: PackageStore
  install: (file: ReleaseFile, place: string) => Promise<Result<null, UpdateFailure>>
  /** Ends this program and starts the one that was installed. */
  restart: () => void
}

export interface UpdaterDeps {
  means: Result<Means, UpdateObstacle>
  memory: MemoryKeeper
  clock: Clock
  random: Random
  logger: Logger
  onChange: (view: UpdateView) => void
}

/** What is not done at once. */
const TAKES_TIME: ReadonlySet<UpdateWish> = new Set(['check', 'update', 'download', 'install'])
/** Whoever pressed so short a time ago expects it to restart. */
const EXPECTED_FOR_MS = 15_000
/** Who pressed long ago may be in the middle of something by now. */
const SOON_MS = 15_000

/** Looks, offers, downloads and installs: one thing at a time, and nothing but looking without being asked. */
export class Updater {
  readonly #deps: UpdaterDeps
  #step: UpdateStep = { kind: 'quiet' }
  #checkedAt: number | null = null
  /** The package on offer; what is known of it was signed. */
  #file: ReleaseFile | null = null
  /** The version that somebody wanted later; until the next start. */
  #putOff: string | null = null
  #work: AbortController | null = null
  /** The work that is a look by itself, as long as it waits for the server: it is in nobody's way. */
  #waiting: AbortController | null = null
  /** The same from when the server has answered: short, and nothing else is begun before it is over. */
  #settling: AbortController | null = null
  /** What somebody wished meanwhile, and of which package. */
  #wished: { wish: UpdateWish; file: ReleaseFile | null } | null = null
  #cancelTimer = (): void => undefined
  #cancelSoon = (): void => undefined
  /** When it was to look last, or began to. */
  #lookedAt: number | null = null

  constructor(deps: UpdaterDeps) {
    this.#deps = deps
  }

  get view(): UpdateView {
    const { means, memory } = this.#deps
    return { obstacle: means.ok ? null : means.error, automatic: memory.value.automatic, checkedAt: this.#checkedAt, step: this.#step }
  }

  start(): void {
    const { memory, clock } = this.#deps
    if (memory.value.began === null) this.#remember(() => memory.save({ began: clock.now() }))
    this.#lookSoon()
  }

  #lookSoon(): void {
    const { memory, clock, random } = this.#deps
    const now = clock.now()
    this.#lookIn(firstCheckAfter(memory.value.began ?? now, now, random))
  }

  /** The computer woke: what was to be done in hours may be long overdue. */
  woke(): void {
    if (isOverdue(this.#lookedAt, this.#deps.clock.now())) this.#lookSoon()
  }

  stop(): void {
    this.#cancelTimer()
    this.#cancelSoon()
    this.#work?.abort()
  }

  /** Answers at once with how things stand; what takes time is told through `onChange`. */
  wish(wish: UpdateWish): UpdateView {
    const step = this.#step
    if (this.#settling !== null && TAKES_TIME.has(wish)) {
      this.#wished = { wish, file: this.#file }
      return this.view
    }
    switch (wish) {
      case 'look':
        break
      case 'check':
        // What is ready stays so for who asks: there is nothing to press but to install it.
        if (step.kind !== 'ready') this.#begin((means, work) => this.#check(means, work, true))
        break
      case 'update':
      case 'download':
        if ((step.kind === 'offered' || step.kind === 'failed') && step.offer !== null) this.#download(step.offer, wish === 'update')
        break
      case 'cancel':
        this.#wished = null
        if (step.kind === 'downloading') this.#work?.abort()
        break
      case 'later':
        this.#wished = null
        if (step.kind === 'offered' || step.kind === 'ready' || step.kind === 'failed') {
          this.#putOff = step.offer?.version ?? this.#putOff
          this.#cancelSoon()
          this.#show(step.kind === 'ready' ? { kind: 'ready', offer: step.offer, later: true } : { ...step, later: true })
        }
        break
      case 'install':
        if (step.kind === 'ready') this.#install(step.offer)
        break
      case 'automatic-on':
      case 'automatic-off':
        this.#setAutomatic(wish === 'automatic-on')
        break
    }
    return this.view
  }

  #show(step: UpdateStep): void {
    this.#step = step
    this.#deps.onChange(this.view)
  }

  #fail(failure: UpdateFailure, offer: UpdateOffer | null = null): void {
    const before = this.#step
    // Who was told of it already, and put it off, is not told again at each look.
    const later = before.kind === 'failed' && before.later && before.failure === failure && before.offer === offer
    this.#show({ kind: 'failed', failure, offer, later })
  }

  #setAutomatic(automatic: boolean): void {
    const { memory, random } = this.#deps
    this.#remember(() => memory.save({ automatic }))
    this.#lookIn(nextCheckAfter(random))
    this.#deps.onChange(this.view)
  }

  /** False if it could not be kept. */
  #remember(save: () => void): boolean {
    try {
      save()
      return true
    } catch (thrown) {
      this.#deps.logger.error('update-memory-failed', { fault: faultName(thrown) })
      return false
    }
  }

  #lookIn(ms: number): void {
    const { means, memory, clock, random } = this.#deps
    this.#cancelTimer()
    if (!means.ok || !memory.value.automatic) return
    this.#lookedAt ??= clock.now()
    this.#cancelTimer = clock.after(ms, () => {
      this.#lookedAt = clock.now()
      if (this.#work === null) this.#begin((usable, work) => this.#check(usable, work, false))
      this.#lookIn(nextCheckAfter(random))
    })
  }

  /** Nothing is begun while something goes on that is not `#waiting`, or where nothing can be done. */
  #begin(work: (means: Means, control: AbortController) => Promise<void>): void {
    const { means, logger } = this.#deps
    if (!means.ok || (this.#work !== null && this.#work !== this.#waiting)) return
    this.#work?.abort()
    const control = new AbortController()
    this.#work = control
    void work(means.value, control)
      .catch((thrown: unknown) => {
        logger.error('update-failed', { fault: faultName(thrown) })
        this.#fail('disk')
      })
      .finally(() => {
        if (this.#work === control) this.#work = null
        if (this.#settling === control) this.#settled(control.signal.aborted)
      })
  }

  /** Does what was wished while a look by itself came to its end, if it is still about the same package. */
  #settled(isOver: boolean): void {
    const wished = this.#wished
    this.#settling = null
    this.#wished = null
    if (wished !== null && !isOver && wished.file?.sha512 === this.#file?.sha512) this.wish(wished.wish)
  }

  async #check({ server, keys, installed, packages }: Means, control: AbortController, asked: boolean): Promise<void> {
    if (asked) this.#show({ kind: 'checking' })
    else this.#waiting = control
    const { memory, clock, logger } = this.#deps
    const bytes = await server.announcement(control.signal).catch(() => null)
    if (control.signal.aborted) return
    this.#waiting = null
    if (!asked) this.#settling = control
    if (bytes === null) return asked ? this.#fail('unreachable') : this.#heardNothing(packages)
    // What lies ready was believed once: only what is believed, too, takes it away.
    const isReady = this.#step.kind === 'ready'
    const told = judgeAnnouncement(bytes, { pinned: keys, seen: memory.value, installed, now: clock.now() })
    if (!told.ok) {
      const refusal = told.error
      logger.warn('update-refused', { reason: refusal.kind })
      // Of what is believed, and nothing for this program, all that was on offer before is withdrawn.
      const isNews = 'seen' in refusal && this.#remember(() => memory.save(refusal.seen))
      if (isNews) {
        this.#file = null
        await packages.clear()
      }
      return isReady && !isNews ? undefined : this.#fail(failureOf(refusal))
    }
    const { seen, file, release } = told.value
    // Kept before it is acted upon: an older announcement is refused from here on, whatever happens to this process.
    if (!this.#remember(() => memory.save(seen))) return isReady ? undefined : this.#fail('disk')
    this.#checkedAt = clock.now()
    if (isReady && file !== null && file.sha512 === this.#file?.sha512) return
    await packages.clear(file)
    this.#file = file
    if (file === null || (!asked && memory.value.share >= release.rollout)) return this.#show({ kind: 'current' })
    const offer = offerOf(told.value, file)
    this.#show({ kind: 'offered', offer, later: offer.version === this.#putOff && !asked })
  }

  /** Without a network nobody is told what they did not ask; but who holds the line must not keep news away for ever by saying nothing. */
  async #heardNothing(packages: PackageStore): Promise<void> {
    const { memory, clock } = this.#deps
    const { newest } = memory.value
    const { kind } = this.#step
    const isQuiet = kind === 'quiet' || kind === 'current' || kind === 'offered' || kind === 'ready'
    if (isQuiet && newest !== null && isStale(newest.date, clock.now())) await this.#expire(packages)
  }

  /** What was offered is too old to be installed: whoever wants it looks again, and finds it announced anew, or something newer. */
  async #expire(packages: PackageStore): Promise<void> {
    this.#file = null
    await packages.clear().catch(() => undefined)
    this.#fail('stale')
  }

  #download(offer: UpdateOffer, install: boolean): void {
    const file = this.#file
    if (file === null) return
    this.#begin(async (means, { signal }) => {
      const { clock, logger } = this.#deps
      const { packages, server } = means
      const since = clock.now()
      if (isStale(offer.date, since)) return this.#expire(packages)
      this.#show({ kind: 'downloading', offer, received: 0 })
      const onProgress = (received: number): void => this.#show({ kind: 'downloading', offer, received })
      const got = await packages.download({ server, file, signal, onProgress: everyPercent(file.size, onProgress) })
      // It was cancelled, or the program ends, while the last of it was verified: nobody wants it installed then.
      if (signal.aborted) return this.#show({ kind: 'offered', offer, later: false })
      if (got.ok && !install) return this.#show({ kind: 'ready', offer, later: false })
      if (got.ok) return clock.now() - since <= EXPECTED_FOR_MS ? this.#put(means, { file, offer, signal }) : this.#installSoon(offer)
      if (got.error === 'cancelled') return this.#show({ kind: 'offered', offer, later: false })
      logger.warn('update-download-failed', { reason: got.error })
      this.#fail(got.error, offer)
    })
  }

  #installSoon(offer: UpdateOffer): void {
    this.#show({ kind: 'ready', offer, later: false, soon: true })
    this.#cancelSoon = this.#deps.clock.after(SOON_MS, () => {
      // A look by itself may have found something newer meanwhile.
      if (this.#step.kind === 'ready' && this.#step.offer === offer) this.wish('install')
    })
  }

  #install(offer: UpdateOffer): void {
    const file = this.#file
    this.#cancelSoon()
    if (file !== null) this.#begin((means, { signal }) => this.#put(means, { file, offer, signal }))
  }

  async #put({ packages, install, restart }: Means, { file, offer, signal }: Putting): Promise<void> {
    // It may have lain there for days, or too long.
    if (isStale(offer.date, this.#deps.clock.now())) return this.#expire(packages)
    this.#show({ kind: 'installing', offer })
    const place = await packages.find(file)
    // The program ends: whoever quits has nothing begun, and is not started again.
    const isOver = (): boolean => signal.aborted
    if (isOver()) return
    if (place === null) return this.#fail('wrong-package', offer)
    const done = await install(file, place)
    if (isOver()) return
    if (done.ok) {
      // That of Windows is at work with it still. What cannot be thrown away now is at the next look.
      if (file.kind !== 'nsis') await packages.clear().catch(() => undefined)
      return isOver() ? undefined : restart()
    }
    this.#deps.logger.warn('update-install-failed', { reason: done.error })
    this.#fail(done.error, offer)
  }
}

interface Putting {
  file: ReleaseFile
  offer: UpdateOffer
  signal: AbortSignal
}

const offerOf = ({ release, signers }: Believed, { size }: ReleaseFile): UpdateOffer => {
  const { version, date, notes } = release
  return { version, date, notes, size, signers }
}

/** A window needs no more of it than it can show. */
function everyPercent(size: number, tell: (received: number) => void): (received: number) => void {
  let shown = 0
  return (received) => {
    if (received - shown < size / 100) return
    shown = received
    tell(received)
  }
}
