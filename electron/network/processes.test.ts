import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('../testing/network/two-meet.ts', import.meta.url))
const run = promisify(execFile)
/** libp2p debounces an address update by a second; anything longer is a handle left open. */
const LIMIT_MS = 20_000

it('leaves nothing open that would keep a process alive, TCP and WebRTC', async () => {
  const { stdout } = await run(process.execPath, [program], { timeout: LIMIT_MS })
  expect(stdout).toBe('stored welcome\n')
})

/** A network of its own, so that no multicast leaves this machine. Linux only, and not everywhere allowed. */
const unshare = 'unshare'
const isolated = ['-rn', 'sh', '-c']
const network = `ip link set lo up && ip link add v0 type veth peer name v1 && ip addr add 10.77.0.1/24 dev v0 &&
  ip link set v0 up && ip link set v1 up && ip route add 224.0.0.0/4 dev v0`
const allowed = spawnSync(unshare, [...isolated, network]).status === 0

it.runIf(allowed)('finds members on the local network by multicast, and an inviter whose addresses are not known', async () => {
  const script = `${network} && exec "$0" "$1" mdns`
  const { stdout } = await run(unshare, [...isolated, script, process.execPath, program], { timeout: LIMIT_MS })
  expect(stdout).toBe('stored welcome\n')
})
