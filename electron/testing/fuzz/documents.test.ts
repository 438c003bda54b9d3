import { fuzzSuite } from './fuzz-suite.ts'
import { documentSubjects } from './subjects/documents.ts'

fuzzSuite('What messages, links and files hold', documentSubjects)
