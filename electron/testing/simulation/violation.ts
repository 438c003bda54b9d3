/** Something that must never be. `rule` is the number of an invariant of PROTOCOL.md, or a word. */
export interface Violation {
  rule: number | 'fault'
  what: string
}

export const violation = (rule: Violation['rule'], what: string): Violation => ({ rule, what })
