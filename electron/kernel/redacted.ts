import { unmovingBytes } from './bytes.ts'

const hidden = new WeakMap<object, unknown>()
const MASK = '[redacted]'

/** Holds a secret that cannot be printed, logged or serialised by accident; `reveal` is the one way to it. */
export class Redacted<T> {
  constructor(value: T) {
    hidden.set(this, value)
  }

  reveal(): T {
    if (!hidden.has(this)) throw new TypeError('secret was wiped')
    return hidden.get(this) as T
  }

  /** Overwrites byte secrets and forgets the value. Other copies JavaScript made are out of reach. */
  wipe(): void {
    const value = hidden.get(this)
    if (value instanceof Uint8Array) value.fill(0)
    hidden.delete(this)
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK
  }
}

/** Takes a secret over: on memory where wiping leaves no other copy, the given one overwritten. */
export function takeSecret(bytes: Uint8Array): Redacted<Uint8Array> {
  const own = unmovingBytes(bytes)
  bytes.fill(0)
  return new Redacted(own)
}
