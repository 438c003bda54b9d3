import { spawn } from 'node:child_process'

/** @typedef {{ status: number, stdout: string, stderr: string }} Finished status is 127 when the program could not be started, 124 when it took too long */

/**
 * Runs a program to its end and collects what it prints. Never throws.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeoutMs?: number, shell?: boolean }} [options] show: copy its output to standard error as it comes
 * @returns {Promise<Finished>}
 */
export const run = (program, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let stdout = ''
    let stderr = ''
    let timedOut = false
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true
          child.kill('SIGKILL')
        }, options.timeoutMs)
      : undefined
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text
      if (options.show) process.stderr.write(text)
    })
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stderr += text
      if (options.show) process.stderr.write(text)
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ status: 127, stdout, stderr: `${stderr}${error.message}` })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ status: timedOut ? 124 : (code ?? 1), stdout, stderr })
    })
  })

/**
 * npm, by way of the copy that started us where there is one, so that its version and settings are the person's.
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 */
export const npm = (args, options = {}) => {
  const cli = process.env.npm_execpath
  if (cli && /npm-cli\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], options)
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { ...options, shell: process.platform === 'win32' })
}

/**
 * The lines of what a failed program said that tell why: npm explains first and lists its options after, others end with it.
 * @param {Finished} finished
 */
export const lastWords = ({ stdout, stderr }) => {
  const lines = (stderr.trim() || stdout.trim()).split('\n')
  const npmErrors = lines.filter((line) => /^npm (?:error|ERR!) ./.test(line))
  return npmErrors.length > 0 ? npmErrors.slice(0, 12).join('\n') : lines.slice(-12).join('\n')
}
