import { fuzzSuite } from './fuzz-suite.ts'
import { mlsScene, mlsSubjects } from './subjects/mls.ts'

fuzzSuite('MLS messages', await mlsSubjects(await mlsScene()))
