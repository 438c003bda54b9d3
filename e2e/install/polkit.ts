import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { facts } from './installed.ts'

/**
 * A system bus of its own, in a view of the file systems of its own: what is put in their places there is nobody else's. The bus starts polkit
 * when it is asked for; without the bus that ends. It ends with its input, so with the test, too.
 */
const SCRIPT = `set -eu
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/dbus
mount -t tmpfs -o mode=755 tmpfs /etc/polkit-1/rules.d
dbus-daemon --system --nofork --nopidfile &
while [ ! -S /run/dbus/system_bus_socket ]; do kill -0 $!; sleep 0.05; done
echo ready
read end || :
kill $!
wait
`
const rule = (user: string): string => `polkit.addRule(function (action, subject) {
  if (action.id === 'app.spacepanda.desktop.install-update' && subject.user === '${user}') return polkit.Result.YES
})
`

/** The system's own polkit and pkexec, for programs that are started in its view; nobody is there who could be asked. */
export class Polkit {
  readonly #child: ChildProcess
  /** The process whose view of the file systems it is. */
  readonly pid: number

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child
    this.pid = pid
  }

  static async start(): Promise<Polkit> {
    const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'] })
    const ended = once(child, 'exit').then(() => {
      throw new Error('The system bus of the test did not start.')
    })
    await Promise.race([once(child.stdout, 'data'), ended])
    ended.catch(() => undefined)
    if (child.pid === undefined) throw new Error('There is no unshare.')
    return new Polkit(child, child.pid)
  }

  /** From now on the ordinary user may install an update without being asked. */
  allow(): void {
    writeFileSync(`/proc/${this.pid}/root/etc/polkit-1/rules.d/10-test.rules`, rule(facts.user.name), { mode: 0o644 })
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await ended
  }
}
