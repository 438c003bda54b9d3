import { createHash } from 'node:crypto'
import type { ObjectId } from '../../../shared/domain/ids.ts'

/** An object's name: SHA-256 of its bytes, hexadecimal. */
export const objectIdOf = (bytes: Uint8Array): ObjectId => createHash('sha256').update(bytes).digest('hex') as ObjectId
