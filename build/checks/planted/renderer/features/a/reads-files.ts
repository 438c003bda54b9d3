import { readFileSync } from 'node:fs'

export const read = (): string => readFileSync('key', 'utf8')
