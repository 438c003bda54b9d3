import { toHex } from '../../kernel/bytes.ts'
import { cborParts, render } from './annotated.ts'
import type { Names, Part } from './annotated.ts'

/** One fenced block of docs/protocol.md: what it has to be, and what the program makes of it. */
export type Example = HexExample | ValuesExample

/** A format, byte by byte. */
export interface HexExample {
  kind: 'hex'
  name: string
  parts: readonly Part[]
  /** Reads it with the codec of the program. */
  read(bytes: Uint8Array): unknown
  /** What that gives. */
  value: unknown
}

/** Values that follow from each other. */
export interface ValuesExample {
  kind: 'values'
  name: string
  rows: readonly (readonly [label: string, value: string])[]
  /** Whether they do, if the program can tell from the values alone. */
  holds?(values: ReadonlyMap<string, string>): boolean
}

/** A format in CBOR. */
export const cborExample = <T>(
  name: string,
  value: T,
  codec: { encode(value: T): Uint8Array; decode(bytes: Uint8Array): T | null },
  names?: Names,
): HexExample => ({
  kind: 'hex',
  name,
  parts: cborParts(codec.encode(value), names),
  read: (bytes) => codec.decode(bytes),
  value,
})

export const valuesExample = (
  name: string,
  values: Readonly<Record<string, Uint8Array | string>>,
  holds?: NonNullable<ValuesExample['holds']>,
): ValuesExample => ({
  kind: 'values',
  name,
  rows: Object.entries(values).map(([label, value]) => [label, typeof value === 'string' ? value : toHex(value)] as const),
  ...(holds && { holds }),
})

/** The text of its block. */
export const renderExample = (example: Example): string => (example.kind === 'hex' ? render(example.parts) : renderValues(example))

function renderValues({ rows }: ValuesExample): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + 2
  return rows.map(([label, value]) => label.padEnd(width) + value).join('\n')
}
