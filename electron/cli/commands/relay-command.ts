import type { Command } from 'commander'
import { systemClock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { createLogger } from '../../kernel/logger.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { RelayLine } from '../../relay/run-relay.ts'
import type { CliContext } from '../context.ts'

interface RelayOptions {
  listen: string[]
  announce: string[]
  metrics?: number
  maxReservations?: number
  maxConnections?: number
  peerRate?: number
  totalRate?: number
  privateNetwork?: true
  mailbox?: true
}

const MIB = 1024 * 1024
/** After a pause, as many seconds' worth may pass at once. */
const BURST_SECONDS = 16

const collected = (value: string, before: string[]): string[] => [...before, value]

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > most)
      throw new AppError('usage', `This has to be a whole number from ${least} to ${most}.`)
    return value
  }
}

export function addRelayCommand(program: Command, { output, interrupted, wish }: CliContext): void {
  program
    .command('relay')
    .description('run a relay: whoever cannot be reached directly is reached by it; it passes on what it cannot read')
    .option('--listen <ADDR>', 'multiaddr to listen on, such as /ip4/0.0.0.0/tcp/4001; may be given several times', collected, [])
    .option('--announce <ADDR>', 'where others find it, if not where it listens: the public side of a router or container', collected, [])
    .option('--mailbox', 'also keep ciphertext for members who are away, up to 30 days')
    .option('--metrics <PORT>', 'answer /health and /metrics on this port of the loopback interface', whole(0, 65_535))
    .option('--max-reservations <N>', 'people who may have a place at the same time', whole(1, 100_000))
    .option('--max-connections <N>', 'connections at the same time', whole(1, 100_000))
    .option('--peer-rate <MIB>', 'MiB a second that one may send', whole(1, 10_000))
    .option('--total-rate <MIB>', 'MiB a second that all may send together', whole(1, 10_000))
    .option('--private-network', 'tell of private addresses too, for a network of your own')
    .action(async (options: RelayOptions) => {
      const { listen, announce, privateNetwork } = options
      // Much of the program, and no other command needs it.
      const { runRelay } = await import('../../relay/run-relay.ts')
      await runRelay({
        dataDir: wish().dataDir,
        ...{ clock: systemClock, random: systemRandom, listen, announce, privateNetwork: privateNetwork === true },
        limits: limitsOf(options),
        mailbox: options.mailbox === true,
        logger: createLogger('warn'),
        metricsPort: options.metrics ?? null,
        interrupted,
        print: (line) => output.result(line, () => words(line)),
      })
    })
}

function limitsOf({ maxReservations, maxConnections, peerRate, totalRate }: RelayOptions): Record<string, number> {
  return {
    ...(maxReservations === undefined ? {} : { reservations: maxReservations }),
    ...(maxConnections === undefined ? {} : { connections: maxConnections }),
    ...(peerRate === undefined ? {} : { peerBytesPerSecond: peerRate * MIB, peerBurstBytes: BURST_SECONDS * peerRate * MIB }),
    ...(totalRate === undefined ? {} : { totalBytesPerSecond: totalRate * MIB, totalBurstBytes: BURST_SECONDS * totalRate * MIB }),
  }
}

function words(line: RelayLine): string {
  switch (line.event) {
    case 'ready':
      return `The relay runs${line.mailbox ? ' and keeps a mailbox' : ''}. Give one of these addresses to those who shall use it:\n${line.addresses.join('\n')}`
    case 'status':
      return `${line.reservations} have a place, ${line.circuits} connections pass through, ${Math.round(line.relayedBytes / MIB)} MiB so far.`
    case 'stopped':
      return 'The relay stopped.'
  }
}
