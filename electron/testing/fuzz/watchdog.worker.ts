import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

/**
 * A decoder that never comes back blocks its thread for ever, and with it whatever could say so. This thread watches a counter
 * that grows with each case, and ends the process when it rests for too long.
 */
const { counter, words, patienceMs } = workerData as { counter: Int32Array; words: string; patienceMs: number }

let last = Atomics.load(counter, 0)
let since = performance.now()
setInterval(() => {
  const now = Atomics.load(counter, 0)
  if (now !== last) [last, since] = [now, performance.now()]
  else if (now >= 0 && performance.now() - since > patienceMs) {
    writeSync(2, `${words}, case ${now}: does not come back\n`)
    process.kill(process.pid, 'SIGKILL')
  }
}, 250)
