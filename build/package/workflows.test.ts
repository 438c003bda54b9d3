import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../setup/paths.mjs'

const folder = join(root, '.github', 'workflows')
const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)

/** Whoever can move a tag of an action could otherwise have a release built, and signed, with code of theirs. */
describe.each(workflows)('the workflow %s', (_, text) => {
  const used = [...text.matchAll(/uses:\s*(.+)/g)].map(([, what]) => what ?? '')

  it('names each action by its commit, with the version beside it for people', () => {
    expect(used.length).toBeGreaterThan(0)
    for (const what of used) expect(what).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('uses one commit of each action', () => {
    const pins = new Map(workflows.flatMap(([, one]) => [...one.matchAll(/uses:\s*(actions\/[a-z-]+)@(\S+)/g)].map((m) => [m[1], m[2]])))
    for (const what of used) expect(pins.get(what.split('@')[0])).toBe(what.slice(what.indexOf('@') + 1).split(' ')[0])
  })

  it('may read and nothing else, unless a job asks for more, and leaves no credentials in the checkout', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m)
    const checkouts = used.filter((what) => what.startsWith('actions/checkout@'))
    expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts.length)
  })
})
