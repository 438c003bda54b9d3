import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { facts } from './installed.ts'

/**
 * A system bus of its own, in a view of the file systems of its own: what is put in their places there is nobody else's. The bus starts polkit
 * when it is asked for; without the bus that ends.
 */
const SCRIPT = `set -eu
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/dbus
mount -t tmpfs -o mode=755 tmpfs /etc/polkit-1/rules.d
dbus-daemon --system --nofork --nopidfile &
while [ ! -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
echo ready
read end || :
kill $!
wait
`
const rule = (user: string): string => `polkit.addRule(function (action, subject) {
  if (action.id === 'app.spacepanda.desktop.install-update' && subject.user === '${user}') return polkit.Result.YES
})
`

/** The system's own polkit and pkexec, for programs that are started in its view. */
export class Polkit {
  readonly #child: ChildProcess

  constructor() {
    this.#child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'] })
  }

  /** The process whose view of the file systems it is. */
  async start(): Promise<number> {
    const { pid, stdout } = this.#child
    if (pid === undefined || stdout === null) throw new Error('There is no unshare.')
    await once(stdout, 'data')
    return pid
  }

  /** Whether the ordinary user may install an update without being asked; otherwise nobody is there who could ask. */
  allow(allowed: boolean): void {
    const file = `/proc/${this.#child.pid ?? 0}/root/etc/polkit-1/rules.d/10-test.rules`
    if (allowed) writeFileSync(file, rule(facts.user.name), { mode: 0o644 })
    else rmSync(file, { force: true })
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await ended
  }
}
