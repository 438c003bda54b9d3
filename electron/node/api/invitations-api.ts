import type { InvitationId } from '../../../shared/domain/ids.ts'
import { groupOfSpace, spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { Invitation } from '../../../shared/domain/models.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { invite, revoke } from '../../sync/invitations/invite.ts'
import { invitationProblem } from '../../sync/policy/transitions.ts'
import { readLink } from '../joins/joins.ts'
import { invitationView } from '../views/views.ts'
import type { ApiContext } from './context.ts'

type Calls =
  | 'invitations.create'
  | 'invitations.list'
  | 'invitations.revoke'
  | 'invitations.read'
  | 'joins.start'
  | 'joins.list'
  | 'joins.cancel'
  | 'joins.retry'
  | 'joins.dismiss'

function viewOf(group: LiveGroup, invitationId: InvitationId): Invitation {
  const invitation = group.tip.settings.invitations.find((i) => i.invitationId === invitationId)
  if (invitation === undefined) throw new AppError('not-found', 'There is no such invitation.')
  return invitationView(group, group.deps.store, invitation)
}

export const invitationsApi = ({ open }: ApiContext): Pick<Api, Calls> => ({
  'invitations.create': async ({ spaceId, role, maxUses, expiresInMs }) => {
    const { messenger } = open()
    const group = messenger.space(groupOfSpace(spaceId))
    const expiresAt = messenger.deps.clock.now() + expiresInMs
    await messenger.networkTried
    const peers = messenger.peerBook.linkPeers(group.groupId)
    // Where it could not be started: whoever was given such a link would look for nobody until it expires.
    if (peers.every((peer) => peer.addresses.length === 0)) {
      throw new AppError('unreachable', 'The network is not running here, so nobody could find you by an invitation. Try again soon.')
    }
    const invitationId = await invite(group, { role, maxUses, expiresAt, peers })
    return viewOf(group, invitationId)
  },

  'invitations.list': async ({ spaceId }) => {
    const { messenger } = open()
    const group = messenger.space(groupOfSpace(spaceId))
    const { store, clock } = messenger.deps
    const active = group.tip.settings.invitations.filter((i) => invitationProblem(i, clock.now()) === null)
    return active.map((i) => invitationView(group, store, i))
  },

  'invitations.revoke': async ({ spaceId, invitationId }) => {
    const group = open().messenger.space(groupOfSpace(spaceId))
    await revoke(group, invitationId)
    return viewOf(group, invitationId)
  },

  'invitations.read': async ({ link }) => {
    const { groupId, spaceName, expiresAt } = readLink(link, open().messenger.deps.clock.now())
    return { spaceId: spaceOfGroup(groupId), spaceName, expiresAt }
  },

  'joins.start': async ({ link, name }) => {
    const { messenger, record } = open()
    return messenger.joins.start(link, name ?? record.name)
  },
  'joins.list': async () => open().messenger.joins.list(),
  'joins.cancel': async ({ joinId }) => open().messenger.joins.cancel(joinId),
  'joins.retry': async ({ joinId }) => open().messenger.joins.retry(joinId),
  'joins.dismiss': async ({ joinId }) => {
    open().messenger.joins.dismiss(joinId)
    return null
  },
})
