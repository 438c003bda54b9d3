import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** One line from the terminal, without showing it; or from what is piped in. */
export async function askPassphrase(stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream): Promise<string> {
  if (stdin.isTTY) stderr.write('Passphrase of the key: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY })
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
    })
  } finally {
    lines.close()
    if (stdin.isTTY) stderr.write('\n')
  }
}
