import Database from 'better-sqlite3'

/** Statements that run later: how many writes from now on until the process dies, and on which side of that write. */
export interface Trap {
  writes: number
  side: 'before' | 'after'
}

export const trapOf = (writes: string | undefined, side: string | undefined): Trap => ({
  writes: Number(writes),
  side: side === 'before' ? 'before' : 'after',
})

let trap: Trap | null = null

export function setTrap(next: Trap): void {
  trap = next
}

function pass(side: Trap['side']): void {
  if (trap === null) return
  if (side === 'before') trap.writes -= 1
  // As if the power went: no handler, no buffer written, not one instruction more.
  if (trap.writes <= 0 && trap.side === side) process.kill(process.pid, 'SIGKILL')
}

const trapped =
  <A extends unknown[], R>(call: (...args: A) => R): ((...args: A) => R) =>
  (...args) => {
    pass('before')
    const result = call(...args)
    pass('after')
    return result
  }

/** From now on every statement that writes, BEGIN and COMMIT included, in this process passes the trap. */
export function armDatabase(): void {
  // The calls of the class itself: every connection of this process has them.
  const methods = Database.prototype
  const prepare = methods.prepare
  methods.prepare = function (this: Database.Database, sql: string): Database.Statement {
    const statement = prepare.call(this, sql)
    if (statement.readonly && !/^(?:BEGIN|COMMIT|ROLLBACK)/.test(sql)) return statement
    statement.run = trapped(statement.run.bind(statement))
    statement.get = trapped(statement.get.bind(statement))
    return statement
  }
  const exec = methods.exec
  methods.exec = function (this: Database.Database, sql: string): Database.Database {
    return trapped(() => exec.call(this, sql))()
  }
}
