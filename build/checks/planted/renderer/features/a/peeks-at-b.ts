import { state } from '../b/state.ts'

export const peeked = state
