/**
 * Arguments: profile folder, name, and if it shall die while it starts: WRITES SIDE. Opens the profile there, or makes it, and runs its node until it is told to stop or killed.
 * Prints `ready`. Everything else is said over the local socket. Lines on standard input: `trap WRITES SIDE`, `stop`.
 */
import { createInterface } from 'node:readline'
import { systemClock } from '../../kernel/clock.ts'
import { createLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import { createNode } from '../../node/create-node.ts'
import { openVault } from './open-vault.ts'
import { armDatabase, setTrap, trapOf } from './write-trap.ts'

const [dataDir = '', name = '', startWrites, startSide] = process.argv.slice(2)
armDatabase()
if (startWrites !== undefined) setTrap(trapOf(startWrites, startSide))
const node = await createNode({
  dataDir,
  keyVault: openVault,
  logger: createLogger('error'),
  clock: systemClock,
  random: systemRandom,
  network: { loopbackOnly: true, mdns: false, webrtc: false },
})
const status = await node.api['profile.status']({})
if (status.kind === 'none') await node.api['profile.create']({ name, passphrase: null })
else if (status.kind !== 'open') throw new Error(`the profile is ${status.kind}`)

createInterface({ input: process.stdin }).on('line', (line) => {
  const [word, writes, side] = line.split(' ')
  if (word === 'trap') setTrap(trapOf(writes, side))
  else if (word === 'stop') void node.stop().then(() => process.exit(0))
})
process.stdout.write('ready\n')
