import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const nightly = process.env['SPACEPANDA_NIGHTLY'] === '1'
const longSuites = nightly ? [] : ['**/*.nightly.test.ts', '**/*.nightly.spec.ts']
/** How long anything that has to come is waited for: a machine that does much else at the same time is slow, and not wrong. */
const patience = { poll: { timeout: 20_000 } }
/** What has two processors to do by itself. */
const alone = '**/*.alone.test.ts'
const notOurs = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    allowOnly: false,
    // Native addons (SQLite, WebRTC) do not survive worker threads ending.
    pool: 'forks',
    // Much of what is tested waits for sockets and for other processes: two at once also where there are two cores. What is nightly measures.
    maxWorkers: nightly ? 1 : Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['{shared,electron,build,bench}/**/*.test.{ts,mjs}', 'e2e/**/*.test.ts'],
          exclude: [...notOurs, ...longSuites, alone],
          expect: patience,
          testTimeout: nightly ? 600_000 : 60_000,
          // Nodes are started and stopped in there.
          hookTimeout: 60_000,
        },
      },
      {
        // After all others.
        test: {
          name: 'alone',
          environment: 'node',
          include: [`electron/${alone}`],
          exclude: notOurs,
          fileParallelism: false,
          maxWorkers: 1,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'renderer',
          environment: 'jsdom',
          include: ['renderer/**/*.test.{ts,tsx}'],
          expect: patience,
          exclude: [...notOurs, ...longSuites],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['e2e/**/*.spec.ts', 'build/e2e/**/*.spec.ts'],
          exclude: [...notOurs, ...longSuites, 'e2e/install/**'],
          expect: patience,
          testTimeout: nightly ? 900_000 : 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
      {
        // One after another: there is one place where a package is installed.
        test: {
          name: 'install',
          environment: 'node',
          include: ['e2e/install/**/*.spec.ts'],
          exclude: [...notOurs, ...longSuites],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
  },
})
