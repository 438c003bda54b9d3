import { describe, expect, it } from 'vitest'
import { fileNameOf } from './file-name.ts'

describe('fileNameOf', () => {
  it.each([
    ['general', 'general'],
    ['Space – Käse 界', 'Space – Käse 界'],
    ['../../etc/passwd', 'etc-passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/absolute', 'absolute'],
    ['.hidden', 'hidden'],
    ['a:b*c?d"e<f>g|h', 'a-b-c-d-e-f-g-h'],
    ['line\nbreak\0\u202eexe.txt', 'line-break--exe.txt'],
    ['ends with. . ', 'ends with'],
    ['', 'SpacePanda'],
    ['...', 'SpacePanda'],
    ['CON', 'SpacePanda'],
    ['nul.json', 'SpacePanda'],
    ['console', 'console'],
  ])('of %j is %j', (text, name) => {
    expect(fileNameOf(text)).toBe(name)
  })

  it('is short, and cuts no character in two', () => {
    const name = fileNameOf('👩‍🚀'.repeat(100))
    expect(Array.from(name).length).toBeLessThanOrEqual(100)
    expect(Buffer.from(name).toString()).toBe(name)
  })
})
