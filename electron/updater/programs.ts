import { spawn } from 'node:child_process'
import type { InstallDeps, Run } from './install-package.ts'

/** Runs a program to its end. */
export const run: Run = (program, args) =>
  new Promise((resolve) => {
    const child = spawn(program, [...args], { stdio: 'ignore' })
    child.on('error', () => resolve(null))
    child.on('exit', (status) => resolve(status ?? 1))
  })

/** Starts a program that outlives this one. What keeps it from starting (a virus scanner took it away) is an answer and ends nothing. */
export const leave: InstallDeps['leave'] = (program, args) =>
  new Promise((resolve) => {
    const child = spawn(program, [...args], { detached: true, stdio: 'ignore' })
    child.on('error', () => resolve(false))
    child.on('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
