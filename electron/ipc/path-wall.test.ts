import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { contract, methods } from '../../shared/ipc/contract.ts'
import { path as pathSchema } from '../../shared/ipc/schemas.ts'
import { PathWall, guardedMethods } from './path-wall.ts'

const nothingKnown = (): Promise<null> => Promise.resolve(null)

/** Whether a path stands anywhere in the shape of a schema. */
function namesPath(schema: unknown): boolean {
  if (schema === pathSchema) return true
  if (schema instanceof z.ZodObject) return Object.values(schema.shape).some(namesPath)
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return namesPath(schema.unwrap())
  return false
}

describe('PathWall', () => {
  let wall = new PathWall()
  const passes = (method: unknown, args: unknown): Promise<boolean> =>
    wall.check(method, args, nothingKnown).then(
      () => true,
      (thrown: unknown) => {
        expect(thrown).toMatchObject({ name: 'AppError', code: 'not-permitted' })
        return false
      },
    )

  beforeEach(() => {
    wall = new PathWall()
  })

  it('has a rule for every call that takes a path, and for no other', () => {
    expect([...guardedMethods].sort()).toEqual(methods.filter((method) => namesPath(contract[method].args)).sort())
    expect(guardedMethods.length).toBeGreaterThan(3)
  })

  it.each<[string, object, string]>([
    ['backup.create', { file: '/a', passphrase: null }, 'save-backup'],
    ['backup.verify', { file: '/a' }, 'open-backup'],
    ['backup.restore', { file: '/a' }, 'open-backup'],
    ['backup.setSchedule', { schedule: { folder: '/a', everyDays: 1, keep: 1 } }, 'backup-folder'],
    ['export.channel', { file: '/a', format: 'json' }, 'save-json'],
    ['export.channel', { file: '/a', format: 'html' }, 'save-html'],
  ])('lets %s of %j through only after it was chosen for %s', async (method, args, needed) => {
    expect(await passes(method, args)).toBe(false)
    for (const purpose of ['save-backup', 'open-backup', 'backup-folder', 'save-json', 'save-html'] as const) {
      wall = new PathWall()
      wall.choose(purpose, '/a')
      expect([purpose, await passes(method, args)]).toEqual([purpose, purpose === needed])
    }
  })

  it.each(['/chosen/../etc/passwd', '/chosen/', '/chosen/file', '/CHOSEN', ' /chosen', '/chosen\0', ''])(
    'does not take %j for what was chosen',
    async (file) => {
      wall.choose('save-backup', '/chosen')
      expect(await passes('backup.create', { file })).toBe(false)
    },
  )

  it('leaves alone what names no path, and what is no call', async () => {
    expect(await passes('spaces.list', {})).toBe(true)
    expect(await passes('backup.setSchedule', { schedule: null })).toBe(true)
    for (const args of [null, undefined, [], 'x', { file: 7 }, { file: null }, {}]) expect(await passes('backup.create', args)).toBe(true)
    for (const method of ['__proto__', 'constructor', '', null, 7]) expect(await passes(method, { file: '/etc' })).toBe(true)
  })

  it('does not know a format that is none', async () => {
    wall.choose('save-json', '/a')
    expect(await passes('export.channel', { file: '/a', format: 'exe' })).toBe(false)
    expect(await passes('export.channel', { file: '/a' })).toBe(false)
  })

  it('lets a path through that the program uses already', async () => {
    const args = { schedule: { folder: '/used', everyDays: 1, keep: 1 } }
    await expect(wall.check('backup.setSchedule', args, () => Promise.resolve('/used'))).resolves.toBeUndefined()
    await expect(wall.check('backup.setSchedule', args, () => Promise.resolve('/other'))).rejects.toMatchObject({ code: 'not-permitted' })
  })

  it('remembers a bounded number, the latest, those chosen again among them', async () => {
    wall.choose('save-json', '/first')
    for (let n = 0; n < 99; n++) wall.choose('save-json', `/${n}`)
    wall.choose('save-json', '/first')
    wall.choose('save-json', '/last')
    expect(await passes('export.channel', { file: '/first', format: 'json' })).toBe(true)
    expect(await passes('export.channel', { file: '/0', format: 'json' })).toBe(false)
    expect(await passes('export.channel', { file: '/1', format: 'json' })).toBe(true)
  })
})
