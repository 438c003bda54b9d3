import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const UNHEARD = new URL('unheard.ts', import.meta.url).href

it('a process goes on where a promise fails that nobody listens to, and says so without what the failure quotes', async () => {
  const script = `
    import { logUnheard } from ${JSON.stringify(UNHEARD)}
    process.on('unhandledRejection', logUnheard)
    void Promise.reject(new RangeError('what somebody wrote'))
    setTimeout(() => process.stdout.write('alive\\n'), 20)`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])

  expect(stdout).toBe('alive\n')
  expect(JSON.parse(stderr)).toMatchObject({ msg: 'promise-unheard', fault: 'RangeError' })
  expect(stderr).not.toContain('what somebody wrote')
})
