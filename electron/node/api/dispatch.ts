import { brokenRule } from '../../../shared/ipc/broken-rule.ts'
import { contract } from '../../../shared/ipc/contract.ts'
import type { Api, Method } from '../../../shared/ipc/contract.ts'
import type { CallResult } from '../../../shared/ipc/error-codes.ts'
import { AppError, toCodedError } from '../../kernel/errors.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'

/** Answers one call of an unknown caller: never throws, whatever it is given. */
export type Dispatch = (method: unknown, args: unknown) => Promise<CallResult<unknown>>

const isMethod = (method: unknown): method is Method => typeof method === 'string' && Object.hasOwn(contract, method)

/** Checks a call against the contract, carries it out, and turns whatever is thrown into a coded error. */
export function createDispatch(api: Api, logger: Logger): Dispatch {
  return async (method, args) => {
    try {
      if (!isMethod(method)) throw new AppError('usage', 'There is no such call.')
      return { ok: true, value: await callMethod(api, method, args) }
    } catch (thrown) {
      const error = toCodedError(thrown)
      if (error.code === 'internal')
        logger.error('call failed', { method: isMethod(method) ? method : 'unknown', fault: faultName(thrown) })
      return { ok: false, error }
    }
  }
}

async function callMethod<M extends Method>(api: Api, method: M, args: unknown): Promise<unknown> {
  const parsed = contract[method].args.safeParse(args)
  if (!parsed.success) throw new AppError('invalid', brokenRule(parsed.error) ?? 'The call was not understood.')
  const run = api[method] as (args: unknown) => Promise<unknown>
  return run(parsed.data)
}
