import { readFileSync } from 'node:fs'
import { fromHex } from '../../kernel/bytes.ts'

/** docs/protocol.md as the tests read it. */
export const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')

export interface Block {
  kind: string
  name: string
  text: string
}

/** Fenced blocks that have a name: an opening of a kind and a name, the text, a closing. */
export const blocks: readonly Block[] = [...page.matchAll(/^```(hex|values) (\S+)\n([^]*?)\n```$/gm)].map(
  ([, kind = '', name = '', text = '']) => ({ kind, name, text }),
)

/** The bytes of a block: its hexadecimal digits without what stands behind a `#`. */
export const bytesOf = ({ text }: Block): Uint8Array => fromHex(text.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, ''))

/** The values of a block: a label, two spaces at least, a value. */
export const valuesOf = ({ text }: Block): Map<string, string> =>
  new Map(text.split('\n').map((line) => [line.split('  ', 1)[0] ?? '', line.replace(/^.*? {2,}/, '')]))

/** The cells of all rows of tables whose first cell is one of ours in code, by that. */
export const rowOf = (first: string): string[] | null => {
  const line = page.split('\n').find((text) => text.startsWith(`| \`${first}\` `))
  return (
    line
      ?.split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()) ?? null
  )
}
