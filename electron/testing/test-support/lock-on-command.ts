/** Arguments: profile folder, passphrase. Opens and locks the profile as standard input says, line by line, and repeats each line when it is done. */
import { createInterface } from 'node:readline'
import { startNode } from '../story/test-node.ts'

const [dir = '', passphrase = ''] = process.argv.slice(2)
const node = await startNode(dir)
process.stdout.write('ready\n')
for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'open') await node.api['profile.unlock']({ passphrase })
  else await node.api['profile.lock']({})
  process.stdout.write(`${command}\n`)
}
