import { describe, expect, it } from 'vitest'
import { createOutput } from './output.ts'

function capture(json: boolean) {
  const [out, err]: string[][] = [[], []]
  const stream = (lines: string[] | undefined) => ({ write: (text: string) => lines?.push(text) })
  return { output: createOutput(json, { stdout: stream(out), stderr: stream(err) }), out, err }
}

describe('with --json', () => {
  it('is one line of JSON for each result, and nothing for a person', () => {
    const { output, out, err } = capture(true)
    output.result({ text: 'a\nb\u001b[2J' }, () => {
      throw new Error('not asked for words')
    })
    output.progress('working')
    expect(out).toEqual(['{"text":"a\\nb\\u001b[2J"}\n'])
    expect(err).toEqual([])
  })

  it('tells errors on standard output too', () => {
    const { output, out, err } = capture(true)
    output.error({ code: 'locked', message: 'Locked.' })
    expect(out).toEqual(['{"error":{"code":"locked","message":"Locked."}}\n'])
    expect(err).toEqual([])
  })
})

describe('for a person', () => {
  it('is words; what goes on and errors go to standard error', () => {
    const { output, out, err } = capture(false)
    output.result({ a: 1 }, () => 'done')
    output.progress('working')
    output.error({ code: 'locked', message: 'Locked.' })
    expect(out).toEqual(['done\n'])
    expect(err).toEqual(['working\n', 'Locked.\n'])
  })

  it.each([
    ['clears the screen', 'a\u001b[2Jb', 'a\ufffd[2Jb'],
    ['goes back to the beginning of the line', 'honest\rforged', 'honest\ufffdforged'],
    ['goes one back', 'a\bb', 'a\ufffdb'],
    ['rings', 'a\u0007', 'a\ufffd'],
    ['uses the controls of eight bits', 'a\u009b2J', 'a\ufffd2J'],
    ['turns the text around', 'a\u202eb\u2066c', 'a\ufffdb\ufffdc'],
    ['deletes', 'a\u007fb', 'a\ufffdb'],
    ['breaks the line, which it may', 'a\n\tb', 'a\n\tb'],
  ])('text that %s', (_, text, shown) => {
    const { output, out, err } = capture(false)
    output.result({}, () => text)
    output.progress(text)
    output.error({ code: 'invalid', message: text })
    expect(out).toEqual([`${shown}\n`])
    expect(err).toEqual([`${shown}\n`, `${shown}\n`])
  })
})
