import { describe, expect, it } from 'vitest'
import { groupOfSpace, isHexId, spaceOfGroup } from './ids.ts'
import type { GroupId } from './ids.ts'

describe('ids', () => {
  it.each([
    ['a0'.repeat(16), true],
    ['a'.repeat(31), false],
    ['a'.repeat(33), false],
    ['a'.repeat(64), false],
    ['A'.repeat(32), false],
    ['g'.repeat(32), false],
    [`${'a'.repeat(32)}\n`, false],
    ['', false],
  ])('%j', (text, expected) => {
    expect(isHexId(text)).toBe(expected)
  })

  it('of a space and its group lead to each other', () => {
    const group = 'ab'.repeat(16) as GroupId
    expect(groupOfSpace(spaceOfGroup(group))).toBe(group)
  })
})
