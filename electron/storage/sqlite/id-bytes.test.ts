import { expect, test } from 'vitest'
import { InvariantError } from '../../kernel/errors.ts'
import { hexId } from './columns.ts'
import { idBytes, idBytesOrNull } from './id-bytes.ts'

test('an id survives the way there and back', () => {
  expect(hexId(idBytes('00ff10'))).toBe('00ff10')
  expect(idBytesOrNull(null)).toBeNull()
})

test.each(['x', '0', '0g', ' 00', '00\n'])('%j is no id: a defect, without the text in its message', (id) => {
  expect(() => idBytes(id)).toThrow(new InvariantError('an id is not hexadecimal'))
})
