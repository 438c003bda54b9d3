import { fuzzSuite } from './fuzz-suite.ts'
import { insideHandshakes } from './subjects/mls-inside.ts'
import { mlsScene } from './subjects/mls.ts'

fuzzSuite('What Welcomes encrypt and key packages sign', await insideHandshakes(await mlsScene()))
