import { rows } from '../storage/rows.ts'

export const seen = rows
