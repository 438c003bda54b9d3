import type { MailboxMetrics } from './mailbox/mailbox-service.ts'
import type { RelayCounts } from '../node/relay-node.ts'

/** The relay's numbers in the text format of Prometheus. Numbers only: none of them is of one peer. */
export function metricsText(counts: RelayCounts, mailbox: MailboxMetrics | null, upMs: number): string {
  return [
    ...metric('connections', 'gauge', 'Connections that are open.', [['', counts.connections]]),
    ...metric('reservations', 'gauge', 'Peers that have a place here now.', [['', counts.reservations]]),
    ...metric('circuits', 'gauge', 'Connections through the relay that are open.', [['', counts.circuits]]),
    ...metric('circuits_total', 'counter', 'Connections through the relay that were begun.', [['', counts.circuitsBegun]]),
    ...metric('relayed_bytes_total', 'counter', 'Bytes that came to be passed on.', [['', counts.relayedBytes]]),
    ...metric('held_bytes', 'gauge', 'Bytes that are not passed on yet, or may come of who is not read now.', [['', counts.heldBytes]]),
    ...metric('throttled_total', 'counter', 'How often somebody had to wait for sending too much.', [['', counts.throttled]]),
    ...metric(
      'refused_total',
      'counter',
      'What was refused for want of room.',
      Object.entries(counts.refused).map(([what, count]) => [`{what="${what}"}`, count]),
    ),
    ...metric('up_seconds', 'gauge', 'How long the relay runs.', [['', Math.floor(upMs / 1_000)]]),
    ...(mailbox === null ? [] : mailboxLines(mailbox)),
    '',
  ].join('\n')
}

/** What is kept now may shrink; all else only grows. */
const mailboxLines = (mailbox: MailboxMetrics): string[] =>
  Object.entries(mailbox).flatMap(([what, value]) => {
    const name = `mailbox_${what.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
    const isNow = what.startsWith('kept')
    return metric(isNow ? name : `${name}_total`, isNow ? 'gauge' : 'counter', 'Of the mailbox.', [['', Number(value)]])
  })

function metric(name: string, type: 'gauge' | 'counter', help: string, samples: readonly (readonly [string, number])[]): string[] {
  const full = `spacepanda_relay_${name}`
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...samples.map(([labels, value]) => `${full}${labels} ${value}`)]
}
