import { parentPort, workerData } from 'node:worker_threads'
import { type Argon2Task, computeArgon2 } from './argon2-task.ts'

const task = workerData as Argon2Task
const result = await computeArgon2(task)
task.passphrase.fill(0)
parentPort?.postMessage(result)
result.key.fill(0)
