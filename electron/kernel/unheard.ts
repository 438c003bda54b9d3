import { createLogger, faultName } from './logger.ts'

/**
 * For `unhandledRejection`. A promise that failed and that nobody listened to is a defect, but none to end a conversation for:
 * whatever is stored was stored in one step, and Node would end the process. Only its kind is told, for its message may quote input.
 */
export function logUnheard(thrown: unknown): void {
  createLogger('error').error('promise-unheard', { fault: faultName(thrown) })
}
