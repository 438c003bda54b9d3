import type { Command } from 'commander'
import type { Profile } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { deleteProfile } from '../../node/profile/delete-profile.ts'
import { connectControl } from '../../node/control/control-client.ts'
import type { CliContext } from '../context.ts'
import { startNode } from '../open-node.ts'
import { validated } from '../validated.ts'

const summary = ({ profileId, name, deviceId, peerId, addresses }: Profile) => ({ profileId, name, deviceId, peerId, addresses })

export function addProfileCommands(program: Command, context: CliContext): void {
  const { output } = context

  program
    .command('init')
    .description('make a profile in the data folder')
    .requiredOption('--name <NAME>', 'the name others see')
    .action(async ({ name }: { name: string }) => {
      const wish = context.wish()
      const { passphrase, name: checked } = validated('profile.create', { name, passphrase: wish.passphrase })
      const running = await connectControl(wish.dataDir)
      await running?.stop()
      if (running !== null) throw new AppError('profile-exists', 'There is a profile in this folder already, and it is open.')
      if (passphrase === null) {
        throw new AppError(
          'passphrase-required',
          'A terminal has no keyring to protect the profile, so it needs a passphrase: set SPACEPANDA_PASSPHRASE or give --passphrase-file.',
        )
      }
      const node = await startNode(wish)
      try {
        const profile = await node.api['profile.create']({ name: checked, passphrase })
        output.result({ profileId: profile.profileId, name: profile.name }, () => `Made the profile of ${profile.name} in ${wish.dataDir}.`)
      } finally {
        await node.stop()
      }
    })

  program
    .command('whoami')
    .description('show the profile')
    .action(() =>
      context.withNode(async ({ api }) => {
        const status = await api['profile.status']({})
        if (status.kind !== 'open') throw new AppError('locked', 'The profile is locked. Unlock it in the window, or here with: unlock')
        const shown = summary(status.profile)
        output.result(shown, () => [shown.name, `device ${shown.deviceId}`, `peer ${shown.peerId}`, ...shown.addresses].join('\n'))
      }),
    )

  const profile = program.command('profile').description('delete the profile')
  profile
    .command('delete')
    .description('delete the profile of the data folder from this device: messages, spaces, keys. Only a backup brings it back')
    .option('--yes', 'that is what I want')
    .action(async ({ yes }: { yes?: true }) => {
      const { dataDir } = context.wish()
      if (yes !== true) {
        const words = `This deletes all messages, spaces and keys in ${dataDir} from this device. Members go on seeing you until somebody removes you: leave your spaces first if they should not. Say --yes to do it.`
        throw new AppError('usage', words)
      }
      await deleteProfile(dataDir)
      output.result({ deleted: dataDir }, () => `Deleted the profile in ${dataDir}.`)
    })
}
