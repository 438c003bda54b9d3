import { expect, test } from 'vitest'
import { Refusal, needOne, parseRequest } from './request.mjs'

test('a request is read as electron-builder writes it', () => {
  const words = ['-s', 'dir', '--force', '-t', 'rpm', '-d', 'gtk3', '-d', '(a or b)', '--rpm-os', 'linux', '--name', ' spacepanda ']
  const request = parseRequest([...words, '/built/tree [1]/=/opt/X', '/x.png=/usr/share/x.png'])
  expect(request.kind).toBe('rpm')
  expect(request.options.get('-d')).toEqual(['gtk3', '(a or b)'])
  expect(needOne(request.options, '--name')).toBe('spacepanda')
  expect(request.files).toEqual([
    { from: '/built/tree [1]/', to: '/opt/X', tree: true },
    { from: '/x.png', to: '/usr/share/x.png', tree: false },
  ])
  expect(() => needOne(request.options, '--url')).toThrow('--url is missing')
})

test.each([
  [['--before-install', 'x'], 'not understood: --before-install'],
  [['--rpm-rpmbuild-define', 'a b'], 'not understood: --rpm-rpmbuild-define'],
  [['--name'], 'lacks its value'],
  [['--name', 'a', '--name', 'b'], 'comes twice'],
  [['relative=not/absolute'], 'not understood'],
  [['x=/opt/../etc/passwd'], 'not a plain path: /opt/../etc/passwd'],
  [['x=/opt//y'], 'not a plain path'],
  [['-s', 'rpm'], 'only a deb or an rpm from folders'],
  [['-s', 'dir', '-t', 'pacman'], 'only a deb or an rpm from folders'],
  [['-s', 'dir', '-t', 'deb', '--rpm-os', 'linux'], 'not understood for deb: --rpm-os'],
  [['-s', 'dir', '-t', 'rpm', '--deb-priority', 'optional'], 'not understood for rpm: --deb-priority'],
])('%j is refused: %s', (args, words) => {
  expect(() => parseRequest(args)).toThrow(Refusal)
  expect(() => parseRequest(args)).toThrow(words)
})
