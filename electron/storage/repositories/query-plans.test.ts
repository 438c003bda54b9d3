import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { Connection, type Statement } from '../sqlite/connection.ts'
import { openDatabase } from '../sqlite/open-database.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { createRepositories } from './repositories.ts'

class Recorder extends Connection {
  readonly statements: string[] = []

  override prepare(sql: string): Statement {
    this.statements.push(sql)
    return super.prepare(sql)
  }
}

/** What grows with history, and the names queries give it. */
const LARGE = /^SCAN (messages|m|objects|o|deliveries|d|message_search_\w+)\b/

/** Every message of a channel, in no order that a limit could cut short. */
const WHOLE_CHANNEL = /messages_by_arrival \(channel_id=\?\)$/

/** Hardly ever more than one. */
const OF_ONE_ID = /WHERE message_id = \?/

/** Of a search the index is the way; a virtual table has no other word for it. */
const IS_INDEX = /VIRTUAL TABLE INDEX/

test('no query of any repository looks at every message, object or delivery, or sorts them', () => {
  const file = join(testFolder(), 'profile.db')
  openStore({ file, key: testKey() }).close()
  const database = openDatabase(file, testKey())
  const recorder = new Recorder(database)
  createRepositories(recorder)
  const plans = recorder.statements.map((sql) => {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.match(/\?/g) ?? []).map(() => null)) as { detail: string }[]
    return { sql, steps: steps.map((step) => step.detail) }
  })
  database.close()
  const found = (bad: (step: string) => boolean) => plans.filter(({ steps }) => steps.some(bad))
  expect(found((step) => LARGE.test(step) && !IS_INDEX.test(step))).toEqual([])
  expect(found((step) => WHOLE_CHANNEL.test(step))).toEqual([])
  const sorted = found((step) => step.includes('TEMP B-TREE FOR ORDER BY')).filter(({ sql }) => !OF_ONE_ID.test(sql))
  expect(sorted.filter(({ sql }) => /FROM (messages|objects|deliveries|owed_objects|message_search)\b/.test(sql))).toEqual([])
  expect(plans.length).toBeGreaterThan(50)
})
