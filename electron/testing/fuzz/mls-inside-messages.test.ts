import { fuzzSuite } from './fuzz-suite.ts'
import { insideMessages } from './subjects/mls-inside.ts'
import { mlsScene } from './subjects/mls.ts'

fuzzSuite('What messages and commits encrypt', await insideMessages(await mlsScene()))
