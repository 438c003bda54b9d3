export { createGroupEngine } from './engine.ts'
export type * from './group-engine.ts'
export { X25519_SUITE, XWING_SUITE } from './provider/suites.ts'
export type { SuiteId } from './provider/suites.ts'
