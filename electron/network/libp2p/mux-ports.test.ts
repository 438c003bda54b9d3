import { expect, it } from 'vitest'
import { keepPort } from './mux-ports.ts'

it('a listener that is not as it was keeps no port', () => {
  expect(() => keepPort({ close: async () => undefined })).toThrow('another way')
})
