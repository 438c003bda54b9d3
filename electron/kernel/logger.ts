import pino from 'pino'

/**
 * What may be logged. Values are numbers, booleans or short words from the code itself:
 * never text, names, keys, links, addresses, or identifiers longer than `shortId` gives.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

export interface Logger {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  child(part: string): Logger
}

/** Six characters of an id: enough to tell two apart in one log, too few to find anyone. */
export const shortId = (id: string): string => id.slice(-6)

/** The name of what was thrown, without its message, which may quote input. */
export const faultName = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : typeof thrown)

const wrap = (logger: pino.Logger): Logger => ({
  debug: (event, fields) => logger.debug(fields ?? {}, event),
  info: (event, fields) => logger.info(fields ?? {}, event),
  warn: (event, fields) => logger.warn(fields ?? {}, event),
  error: (event, fields) => logger.error(fields ?? {}, event),
  child: (part) => wrap(logger.child({ part })),
})

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Logs JSON lines to standard error. */
export const createLogger = (level: LogLevel): Logger => wrap(pino({ level, base: null }, pino.destination({ fd: 2, sync: true })))

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
}
