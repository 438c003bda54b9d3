import { fromHex } from '../../kernel/bytes.ts'
import { InvariantError } from '../../kernel/errors.ts'

/** An id as it is stored: the bytes that its text gives in hexadecimal. Ids are checked where they come in, so another text is a defect. */
export function idBytes(id: string): Uint8Array {
  try {
    return fromHex(id)
  } catch (thrown) {
    throw new InvariantError('an id is not hexadecimal', { cause: thrown })
  }
}

export const idBytesOrNull = (id: string | null): Uint8Array | null => (id === null ? null : idBytes(id))
