import { expect, test } from 'vitest'
import { commandWords } from './command-words.ts'

const program = '/opt/SpacePanda/spacepanda'

test.each([
  [[]],
  [['spacepanda:join/abc']],
  [['SPACEPANDA:join/abc']],
  [['--updated']],
  [['--ozone-platform=wayland']],
  [['--type=renderer', 'init']],
  // what an injected quote makes of a link
  [['spacepanda:x', 'export', '--command-line', '--', 'init']],
  [['--no-sandbox', '--command-line', '--', 'init']],
])('%j asks for a window', (args) => {
  expect(commandWords([program, ...args])).toBeNull()
})

test.each([
  [['whoami'], ['whoami']],
  [
    ['--json', 'space', 'list'],
    ['--json', 'space', 'list'],
  ],
  [
    ['--data-dir=/x', 'whoami'],
    ['--data-dir=/x', 'whoami'],
  ],
  [['--version'], ['--version']],
  [
    ['join', 'spacepanda:join/abc'],
    ['join', 'spacepanda:join/abc'],
  ],
  [
    ['--command-line', '--no-sandbox', '--no-zygote', '--', 'send', '--', '-x'],
    ['send', '--', '-x'],
  ],
  [['--command-line', '--no-sandbox', '--', '--unknown'], ['--unknown']],
  // a mistyped command is told so, by the command line
  [['--command-line', '--no-sandbox', '--', ''], ['']],
])('%j is the command line %j', (args, words) => {
  expect(commandWords([program, ...args])).toEqual(words)
})
