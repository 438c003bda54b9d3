import { AppError } from '../../kernel/errors.ts'
import { type DamageKind, forgetDamage, noteDamage, readDamage, removeDamage } from './damage-note.ts'

/** Knows what was found damaged: notes it outside the database, and tells whoever listens, once for each kind. */
export class DamageWatch {
  readonly #dir: string
  readonly #known: Set<DamageKind>
  readonly #listeners = new Set<(kind: DamageKind) => void>()

  constructor(dir: string) {
    this.#dir = dir
    this.#known = new Set(readDamage(dir))
  }

  /** Found now or at an earlier start, and not repaired since. */
  get known(): readonly DamageKind[] {
    return [...this.#known]
  }

  found(kind: DamageKind): void {
    if (this.#known.has(kind)) return
    this.#known.add(kind)
    noteDamage(this.#dir, kind)
    for (const listener of this.#listeners) listener(kind)
  }

  handled(kind: DamageKind, instead: DamageKind): void {
    this.#known.delete(kind)
    this.#known.add(instead)
    removeDamage(this.#dir, kind, [instead])
  }

  /** Everything was looked at and is whole. */
  nothingFound(): void {
    if (this.#known.size === 0) return
    this.#known.clear()
    forgetDamage(this.#dir)
  }

  on(listener: (kind: DamageKind) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The same parts; what one of their calls finds unreadable is noted before it is thrown on. */
  over<T extends object>(parts: T): T {
    const watched = Object.entries(parts).map(([name, part]) => [name, this.#overOne(part as object)] as const)
    return Object.fromEntries(watched) as T
  }

  #overOne(part: object): object {
    const calls = new Map<PropertyKey, unknown>()
    return new Proxy(part, {
      get: (target, name) => {
        const known = calls.get(name)
        if (known !== undefined) return known
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        const call = (...args: unknown[]): unknown => this.#watch(() => Reflect.apply(value, target, args))
        calls.set(name, call)
        return call
      },
    })
  }

  #watch(call: () => unknown): unknown {
    try {
      return call()
    } catch (thrown) {
      // A page that cannot be read is SQLite's to report; the rest makes no sense to us.
      if (thrown instanceof AppError && thrown.code === 'unreadable') this.found(thrown.cause === undefined ? 'record' : 'page')
      throw thrown
    }
  }
}
