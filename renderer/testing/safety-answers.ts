import type { Method } from '../../shared/ipc/contract.ts'
import type { Profile } from '../../shared/domain/models.ts'
import type { TaskKind } from '../../shared/domain/tasks.ts'
import { accept, refuse } from './fake-node.ts'
import type { Answers, FakeBridge } from './fake-node.ts'
import { idOf, makeProfile, makeTask } from './make.ts'

type Of = Extract<
  Method,
  `profile.${string}` | `tasks.${string}` | `backup.${string}` | `export.${string}` | `doctor.${string}` | 'connection.test'
>

/** What opens the profile and every backup of the fake node. */
export const PASSPHRASE = 'correct horse'
export const RECOVERY_PHRASE =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual'

function open(fake: FakeBridge, part: Partial<Profile> = {}) {
  const profile = makeProfile(part)
  fake.world.status = { kind: 'open', profile }
  fake.emit('profile.changed', fake.world.status)
  return accept(profile)
}

/** Changes the open profile if `current` opens it. */
function change(fake: FakeBridge, current: string | null, part: Partial<Profile>) {
  const { status } = fake.world
  if (status.kind !== 'open') return refuse('locked')
  if (status.profile.passphrase && current !== PASSPHRASE) return refuse('wrong-passphrase')
  return open(fake, { ...status.profile, ...part })
}

/** Long work of the fake node stays where it begins, until a test tells how it goes on. */
function begin(fake: FakeBridge, kind: TaskKind) {
  const task = makeTask(kind, { kind: 'running', done: 0, total: null }, { taskId: idOf(`${kind}${fake.world.tasks.length}`) })
  fake.world.tasks.unshift(task)
  fake.emit('task.changed', task)
  return accept(task)
}

export const safetyAnswers: Pick<Answers, Of> = {
  'profile.status': ({ world }) => accept(world.status),
  'profile.create': (fake, { name, passphrase }) => open(fake, { name, passphrase: passphrase !== null }),
  'profile.unlock': (fake, { passphrase }) => {
    const { status } = fake.world
    if (passphrase === null && status.kind === 'locked' && status.passphrase) return refuse('passphrase-required')
    return passphrase !== null && passphrase !== PASSPHRASE ? refuse('wrong-passphrase') : open(fake)
  },
  'profile.recover': (fake, { recoveryPhrase, passphrase }) =>
    recoveryPhrase === RECOVERY_PHRASE ? open(fake, { passphrase: passphrase !== null, recovery: true }) : refuse('wrong-recovery-phrase'),
  'profile.lock': (fake) => {
    const { status } = fake.world
    if (status.kind !== 'open') return refuse('locked')
    const { passphrase, recovery, passphraseRequired } = status.profile
    fake.world.status = { kind: 'locked', passphrase, recovery, passphraseRequired }
    fake.emit('profile.changed', fake.world.status)
    return accept(fake.world.status)
  },
  'profile.setPassphrase': (fake, { current, next }) => change(fake, current, { passphrase: next !== null }),
  'profile.makeRecoveryPhrase': (fake, { current }) => {
    const changed = change(fake, current, { recovery: true })
    return changed.ok ? accept({ recoveryPhrase: RECOVERY_PHRASE }) : changed
  },
  'profile.removeRecoveryPhrase': (fake, { current }) => change(fake, current, { recovery: false }),
  'profile.rename': (_, { name }) => accept(makeProfile({ name })),
  'tasks.list': ({ world }) => accept(world.tasks),
  'tasks.cancel': (fake, { taskId }) => {
    const task = fake.world.tasks.find((known) => known.taskId === taskId)
    if (task === undefined) return refuse('not-found')
    task.state = { kind: 'cancelled' }
    fake.emit('task.changed', task)
    return accept(task)
  },
  'backup.create': (fake) => begin(fake, 'backup'),
  'backup.verify': (fake) => begin(fake, 'verify'),
  'backup.restore': (fake) => begin(fake, 'restore'),
  'backup.status': ({ world }) => accept(world.backup),
  'backup.setSchedule': ({ world }, { schedule }) => {
    world.backup = { ...world.backup, schedule }
    return accept(world.backup)
  },
  'export.channel': (fake) => begin(fake, 'export'),
  'connection.test': (fake) => begin(fake, 'connection'),
  'doctor.run': (fake, { repair = false }) => begin(fake, repair ? 'repair' : 'check'),
}
