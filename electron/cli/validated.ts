import { brokenRule } from '../../shared/ipc/broken-rule.ts'
import { contract } from '../../shared/ipc/contract.ts'
import type { Args, ArgsIn, Method } from '../../shared/ipc/contract.ts'
import { AppError } from '../kernel/errors.ts'

/** What the fields are called at a command line, where that is not what they are called elsewhere. Nobody knows the id of a member by heart. */
const OPTIONS = {
  memberId: 'MEMBER, an id as “spacepanda members” lists it,',
  members: '--member, an id as “spacepanda members” lists it,',
  replyTo: '--reply-to',
  maxUses: '--max-uses',
  expiresInMs: '--expires',
  limit: '--limit',
  role: 'The role',
}

/** Arguments as the contract wants them, checked before anything is opened. Throws `AppError('usage')`. */
export function validated<M extends Method>(method: M, args: { [K in keyof ArgsIn<M>]: unknown }): Args<M> {
  const parsed = contract[method].args.safeParse(args)
  if (parsed.success) return parsed.data as Args<M>
  throw new AppError('usage', brokenRule(parsed.error, OPTIONS) ?? 'The request is not valid.')
}
