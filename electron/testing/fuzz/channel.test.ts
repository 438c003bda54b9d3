import { fuzzSuite } from './fuzz-suite.ts'
import { channelSubjects } from './subjects/channel.ts'

fuzzSuite('Streams of frames, and what a relay is asked', channelSubjects)
