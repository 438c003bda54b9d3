import { contract } from '../../shared/ipc/contract.ts'
import type { Args, ArgsIn, Method } from '../../shared/ipc/contract.ts'
import { AppError } from '../kernel/errors.ts'

/** Arguments as the contract wants them, checked before anything is opened. Throws `AppError('usage')`. */
export function validated<M extends Method>(method: M, args: { [K in keyof ArgsIn<M>]: unknown }): Args<M> {
  const parsed = contract[method].args.safeParse(args)
  if (parsed.success) return parsed.data as Args<M>
  const [issue] = parsed.error.issues
  throw new AppError('usage', `${issue?.path.join('.') ?? 'The request'}: ${issue?.message ?? 'not valid'}.`)
}
