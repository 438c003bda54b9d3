import { describe, expect, it } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { blocks, bytesOf, valuesOf } from './document.ts'
import type { Block } from './document.ts'
import { everyExample } from './every-example.ts'
import { renderExample } from './example.ts'
import type { Example, HexExample, ValuesExample } from './example.ts'

const examples = await everyExample()
const isHex = (example: Example): example is HexExample => example.kind === 'hex'
const isValues = (example: Example): example is ValuesExample => example.kind === 'values'

function blockOf({ kind, name }: Example): Block {
  const found = blocks.find((block) => block.name === name && block.kind === kind)
  if (found === undefined) throw new Error(`docs/protocol.md has no block "${kind} ${name}"`)
  return found
}

describe('the examples of docs/protocol.md', () => {
  it('are those that are checked here, each once', () => {
    expect(blocks.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(examples.map(({ kind, name }) => `${kind} ${name}`).sort())
  })

  it.each(examples.map((example) => [example.name, example] as const))('%s is what the program writes', (_, example) => {
    expect(blockOf(example).text).toBe(renderExample(example))
  })

  it.each(examples.filter(isHex).map((example) => [example.name, example] as const))('%s is what the program reads', async (_, example) => {
    expect(await example.read(bytesOf(blockOf(example)))).toEqual(example.value)
  })

  it.each(examples.filter(isValues).map((example) => [example.name, example] as const))('%s follows from each other', (_, example) => {
    expect(example.holds?.(valuesOf(blockOf(example))) ?? true).toBe(true)
  })

  it.each(examples.filter(isHex).map((example) => [example.name, example] as const))(
    '%s means something else with any bit changed',
    async (_, example) => {
      const bytes = bytesOf(blockOf(example))
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte))
        expect(await outcome(example, changed), `byte ${at} of ${toHex(bytes)}`).not.toEqual(example.value)
      }
    },
  )
})

async function outcome(example: HexExample, bytes: Uint8Array): Promise<unknown> {
  try {
    return await example.read(bytes)
  } catch (thrown) {
    return thrown
  }
}
