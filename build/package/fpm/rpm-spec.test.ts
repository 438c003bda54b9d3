import { expect, test } from 'vitest'
import { Refusal, parseRequest } from './request.mjs'
import { specText } from './rpm-spec.mjs'

const noScripts = { afterInstall: null, afterRemove: null }
const files = ['/tree/=/opt/X', '/l=/usr/bin/spacepanda', '/c=/usr/share/licenses/spacepanda/copyright']
const usual = {
  '-s': 'dir',
  '-t': 'rpm',
  '--name': 'spacepanda',
  '--version': '0.1.0~test.1',
  '--description': 'Long words.\n\nMore of them.',
  '--maintainer': 'A <a@example.org>',
  '--url': 'https://example.org',
}
const ask = (different: Record<string, string> = {}, more: string[] = files) =>
  parseRequest([...Object.entries({ ...usual, ...different }).flat(), ...more])

test('a spec file says what was asked for, and owns no folder that is also others’', () => {
  const request = ask({ '--rpm-summary': 'Short words', '--vendor': 'V', '--license': 'MIT' }, ['-d', 'gtk3', '-d', '(a or b)', ...files])
  expect(specText(request, { afterInstall: '#!/bin/sh\nset -e\n', afterRemove: 'true' })).toBe(
    [
      'Name: spacepanda',
      'Version: 0.1.0~test.1',
      'Release: 1',
      'Summary: Short words',
      'License: MIT',
      'Vendor: V',
      'Packager: A <a@example.org>',
      'URL: https://example.org',
      'AutoReqProv: no',
      'Requires: gtk3',
      'Requires: (a or b)',
      '',
      '%description',
      'Long words.',
      '',
      'More of them.',
      '',
      '%post',
      '#!/bin/sh',
      'set -e',
      '',
      '%postun',
      'true',
      '',
      '%files',
      '%defattr(-,root,root,-)',
      '%dir /usr/share/licenses/spacepanda',
      '/opt/X',
      '/usr/bin/spacepanda',
      '%license /usr/share/licenses/spacepanda/copyright',
      '',
    ].join('\n'),
  )
})

test('what is not said is left out, or taken from what is', () => {
  const spec = specText(ask(), noScripts)
  expect(spec).toContain('\nSummary: Long words.\nLicense: unknown\nPackager:')
  expect(spec).not.toMatch(/^(?:Vendor|Group|Requires|%post)/m)
})

test('a macro is a text like any other', () => {
  const spec = specText(ask({ '--vendor': '%(id) 100%', '--description': 'All of %{name}' }), { ...noScripts, afterInstall: 'date +%s' })
  expect(spec).toContain('Vendor: %%(id) 100%%\n')
  expect(spec).toContain('%description\nAll of %%{name}\n')
  expect(spec).toContain('%post\ndate +%%s\n')
})

test.each([
  [{ '--vendor': 'V\nObsoletes: bash' }, 'Vendor has several lines'],
  [{ '-d': 'gtk3\r' }, 'Requires has several lines, or a control character'],
  [{ '--name': 'a\nb' }, 'Name has several lines'],
  [{ '--url': 'https://example.org/\\' }, 'URL ends with a backslash'],
  [{ '--description': 'Words.\n  %preun\nrm' }, 'the description has a line that begins with %'],
])('%j, which would be more than its field, is refused: %s', (different, words) => {
  expect(() => specText(ask(different), noScripts)).toThrow(Refusal)
  expect(() => specText(ask(different), noScripts)).toThrow(words)
})

test('a script that would begin another section is refused', () => {
  expect(() => specText(ask(), { ...noScripts, afterRemove: 'true\n%files\n/etc' })).toThrow('the script for %postun has a line')
})

test.each(['/usr/share/a b', '/usr/share/a[1]', '/usr/share/%{name}', '/usr/share/*', '/usr/share/"a"'])(
  '%j, which %%files would read otherwise, is refused',
  (place) => {
    expect(() => specText(ask({}, [`/x=${place}`]), noScripts)).toThrow(`a path that an rpm cannot have: ${place}`)
  },
)
