import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

// node open-channel.ts [released]: takes an environment of Node's apart in which a channel of WebRTC is open, and says so.
const worker = new Worker(new URL('open-channel.worker.ts', import.meta.url), { workerData: process.argv[2] })
await once(worker, 'message')
await worker.terminate()
process.stdout.write('ended')
