import { describe, expect, it } from 'vitest'
import { groupOfSpace, isHexId, isObjectId, spaceOfGroup } from './ids.ts'
import type { GroupId } from './ids.ts'

describe('ids', () => {
  it.each([
    ['a'.repeat(32), true, false],
    ['a'.repeat(64), false, true],
    ['a'.repeat(31), false, false],
    ['a'.repeat(33), false, false],
    ['A'.repeat(32), false, false],
    ['g'.repeat(32), false, false],
    [`${'a'.repeat(32)}\n`, false, false],
    ['', false, false],
  ])('%j', (text, hex, object) => {
    expect([isHexId(text), isObjectId(text)]).toEqual([hex, object])
  })

  it('of a space and its group lead to each other', () => {
    const group = 'ab'.repeat(16) as GroupId
    expect(groupOfSpace(spaceOfGroup(group))).toBe(group)
  })
})
