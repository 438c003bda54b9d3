import { spawn } from 'node:child_process'
import { SetupError } from '../setup/progress.mjs'

/** It prints its number within milliseconds; a busy machine may take longer. */
const readyMs = 15_000

/**
 * Starts a virtual display of its own, on a number that X chooses, reachable by local sockets only.
 * @param {{ size?: string }} [options]
 * @returns {Promise<{ display: string, stop: () => Promise<void> }>}
 */
export const startXvfb = (options = {}) =>
  new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', `${options.size ?? '1440x900'}x24`, '-nolisten', 'tcp', '-noreset']
    // In its own process group: an interrupt at the terminal must not take the display away before the windows on it.
    const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true })
    const numberPipe = server.stdio[3]
    let complaint = ''
    let number = ''
    let ready = false
    const gone = new Promise((/** @type {(value: void) => void} */ done) => server.once('close', () => done()))
    const fail = (/** @type {string} */ why) => {
      if (ready) return
      clearTimeout(timer)
      server.kill('SIGKILL')
      reject(new SetupError(`The virtual display (Xvfb) did not start: ${why}`))
    }
    const timer = setTimeout(() => fail(`silent for ${readyMs / 1000} s`), readyMs)
    server.on('error', (error) => fail(error.message))
    server.on('exit', () => fail(complaint.trim() || 'it ended at once'))
    server.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (complaint += text))
    const stop = async () => {
      server.kill('SIGTERM')
      await gone
    }
    numberPipe?.on('data', (/** @type {Buffer} */ chunk) => {
      number += chunk.toString()
      if (ready || !number.includes('\n')) return
      ready = true
      clearTimeout(timer)
      resolve({ display: `:${number.trim()}`, stop })
    })
  })
