import type * as z from 'zod'
import { copyBytes, toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'

/** Turns a column or row of SQLite's into a typed value. Throws `AppError('unreadable')` on what does not fit. */
export type Decoder<T> = (value: unknown) => T

const misfit = (): AppError => new AppError('unreadable', 'A stored record is damaged.')

export const text = <T extends string = string>(value: unknown): T => {
  if (typeof value !== 'string') throw misfit()
  return value as T
}

export const nullableText = <T extends string = string>(value: unknown): T | null => (value === null ? null : text<T>(value))

/** An id kept as bytes, in its text form. */
export const hexId = <T extends string = string>(value: unknown): T => {
  if (!(value instanceof Uint8Array)) throw misfit()
  return toHex(value) as T
}

export const nullableHexId = <T extends string = string>(value: unknown): T | null => (value === null ? null : hexId<T>(value))

export const integer: Decoder<number> = (value) => {
  if (!Number.isSafeInteger(value)) throw misfit()
  return value as number
}

/** A copy the caller owns. */
export const bytes: Decoder<Uint8Array> = (value) => {
  if (!(value instanceof Uint8Array)) throw misfit()
  return copyBytes(value)
}

export const flag: Decoder<boolean> = (value) => {
  if (value !== 0 && value !== 1) throw misfit()
  return value === 1
}

export const oneOf =
  <T extends string>(...allowed: readonly T[]): Decoder<T> =>
  (value) => {
    const found = allowed.find((one) => one === value)
    if (found === undefined) throw misfit()
    return found
  }

export const nullable =
  <T>(decode: Decoder<T>): Decoder<T | null> =>
  (value) =>
    value === null ? null : decode(value)

/** JSON text of the shape `schema` asks for. */
export const json =
  <T>(schema: z.ZodType<T>): Decoder<T> =>
  (value) => {
    let parsed: unknown
    try {
      parsed = JSON.parse(text(value))
    } catch {
      throw misfit()
    }
    const checked = schema.safeParse(parsed)
    if (!checked.success) throw misfit()
    return checked.data
  }

export type Fields<T> = { readonly [K in keyof T]: Decoder<T[K]> }

/** A row whose column names (or aliases) are the fields of `T`. */
export const row =
  <T extends object>(fields: Fields<T>): Decoder<T> =>
  (value) => {
    if (typeof value !== 'object' || value === null) throw misfit()
    const source = value as Partial<Record<keyof T, unknown>>
    const target: Partial<T> = {}
    for (const name of Object.keys(fields) as (keyof T)[]) target[name] = fields[name](source[name])
    return target as T
  }

/** For `Statement.get`, which answers undefined where there is no row. */
export const optional = <T>(decode: Decoder<T>, value: unknown): T | null => (value === undefined ? null : decode(value))
