import { fuzzSuite } from './fuzz-suite.ts'
import { protocolSubjects } from './subjects/protocols.ts'

fuzzSuite('Questions and answers', Object.values(protocolSubjects).flat())
