import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { connectionChecks } from '../../shared/domain/connection-check.ts'
import { errorCodes } from '../../shared/ipc/error-codes.ts'
import { checkSaysEn } from '../../shared/words/connection-en.ts'
import { exitStatus } from './exit-status.ts'

const page = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8')

/** Code → what is written about it: an item of a list that begins with the code, up to the next item or the end of the list. */
const entriesOf = (title: string): [string, string][] => {
  const [, chapter = ''] = page.split(`\n## ${title}\n`)
  const [text = ''] = chapter.split('\n## ')
  return [...text.matchAll(/^- `([a-z-]+)` ([^]*?)(?=\n- |\n\n|$(?![^]))/gm)].map(([, code = '', words = '']) => [
    code,
    words.replaceAll(/\s+/g, ' '),
  ])
}

/** Status → codes. */
const statuses = new Map(
  [...page.matchAll(/^\| (\d+) +\| (.*) \|$/gm)].map(([, status, when = '']) => [
    Number(status),
    [...when.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code),
  ]),
)

describe('docs/troubleshooting.md', () => {
  it('has one entry for each error, and none that does not exist', () => {
    expect(
      entriesOf('Errors')
        .map(([code]) => code)
        .toSorted(),
    ).toEqual([...errorCodes].toSorted())
  })

  const found = entriesOf('What a test of the connection finds')

  it('has one entry for each thing that a test of the connection finds, and none that does not exist', () => {
    expect(found.map(([code]) => code).toSorted()).toEqual(Object.keys(connectionChecks).toSorted())
  })

  it.each(found)('can be found by what is said of %s', (code, words) => {
    const says: Readonly<Record<string, string>> = checkSaysEn
    const sentence = (says[code] ?? 'nothing').replaceAll(/\{\{\w+\}\}/g, '…')
    expect(words.startsWith(`"${sentence}"`) ? sentence : words).toBe(sentence)
  })

  it('names the status that each error ends a command with', () => {
    for (const code of errorCodes) {
      const status = exitStatus(code)
      expect([code, status === 1 || (statuses.get(status) ?? []).includes(code)]).toEqual([code, true])
    }
    const named = [...statuses].filter(([status]) => status > 1).flatMap(([status, codes]) => codes.map((code) => [code, status]))
    expect(named).toEqual(named.map(([code]) => [code, exitStatus(code as (typeof errorCodes)[number])]))
  })
})
