import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const module = pathToFileURL(join(import.meta.dirname, 'parent.mjs')).href

/** Stays alive as long as it holds its connection, and says over it what it would have sent to its child. */
const orphan = `
import { connect } from 'node:net'
import { endWithParent } from ${JSON.stringify(module)}
const socket = connect(process.argv[1])
endWithParent({ kill: (signal) => { socket.end(signal, () => process.exit(0)); return true } })
socket.write('watching ')
`

/** Starts the watcher and waits for nothing, as the shell between npm and us does. */
const parent = `
import { spawn } from 'node:child_process'
spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(orphan)}, process.argv[1]], { stdio: 'ignore', detached: true }).unref()
setInterval(() => undefined, 1000)
`

test.skipIf(process.platform === 'win32')('a command ends when whoever started it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parent-test-'))
  const path = join(folder, 's')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const connection = once(server, 'connection')
  const middle = spawn(process.execPath, ['--input-type=module', '-e', parent, path], { stdio: 'ignore' })
  const [socket] = (await connection) as [import('node:net').Socket]
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  const over = once(socket, 'end')
  await once(socket, 'data')
  middle.kill('SIGKILL')
  await over
  expect(heard).toBe('watching SIGTERM')
  server.close()
  rmSync(folder, { recursive: true, force: true })
})
