import { checkRemedyEn, checkSaysEn } from '../../shared/words/connection-en.ts'

/** Whether others reach this device, how, and what a test of that found. */
export const reachedEn = {
  title: 'Can others reach you?',
  summary: {
    straight: 'Yes, also from outside this network, straight.',
    relays: 'Yes. People elsewhere come through a relay.',
    nearby: 'Only people on the same network, as far as is known.',
    nobody: 'As far as is known, nobody on another computer.',
  },
  relays: 'Relays: a place on {{held}} of {{of}}',
  relaysNone: 'Relays: none chosen',
  outside: {
    confirmed: 'Straight from outside: yes, others tried and came through',
    met: 'Straight from outside: yes, somebody came',
    opened: 'Straight from outside: the router says that it lets others in; nobody has tried yet',
    seen: 'Straight from outside: not known; others see an address of yours that nobody has tried',
    unknown: 'Straight from outside: not known',
  },
} as const

export const connectionTestEn = {
  button: 'Test my connection',
  again: 'Test again',
  results: 'What was found',
  relay: 'Relay …{{relay}}',
  status: { ok: 'in order', warning: 'to look at', failed: 'not in order', skipped: 'not tested' },
  says: checkSaysEn,
  remedy: checkRemedyEn,
  away: 'Not connected',
  seen: 'last connected {{time}}',
  letIn: 'joined through this device {{time}}',
  neverSeen: 'never connected with this device',
  ways: 'to try: {{ways}}',
  waysNone: 'no address to try',
  near: '{{number}} on this network',
  far: '{{number}} elsewhere',
  relayed: '{{number}} by a relay',
} as const
