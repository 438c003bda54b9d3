import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APP_ENTRY, APP_ORIGIN, isAppUrl, resolveAppFile } from './app-path.ts'

describe('resolveAppFile', () => {
  it('finds the files a renderer consists of', () => {
    expect(resolveAppFile(APP_ENTRY)).toEqual({ path: 'index.html', contentType: 'text/html; charset=utf-8' })
    expect(resolveAppFile(`${APP_ORIGIN}/fonts/inter-latin.woff2`)).toEqual({ path: 'fonts/inter-latin.woff2', contentType: 'font/woff2' })
    expect(resolveAppFile(`${APP_ORIGIN}/assets/letters-3F.ttf`)?.contentType).toBe('font/ttf')
    expect(resolveAppFile(`${APP_ORIGIN}/main-3F_a.js`)?.path).toBe('main-3F_a.js')
  })

  it.each([
    '',
    '/',
    '/../main.mjs',
    '/..%2fmain.js',
    '/%2e%2e/main.js',
    '/a/../../main.js',
    '/..\\main.js',
    '/a//main.js',
    '/.env.js',
    '/.hidden/main.js',
    '/main.js?x=1',
    '/main.js#x',
    '/main.js/',
    '/main.mjs',
    '/preload.cjs',
    '/main',
    '/main.js\0.html',
    '/C:/main.js',
    '/con..js',
    `/${'a'.repeat(600)}.js`,
  ])('refuses %j', (rest) => {
    expect(resolveAppFile(APP_ORIGIN + rest)).toBeNull()
  })

  it.each([
    'file:///etc/passwd',
    'app://other/index.html',
    'app://spacepanda.evil/index.html',
    'app://spacepanda:1/index.html',
    'https://spacepanda/index.html',
  ])('refuses the foreign %j', (url) => {
    expect(resolveAppFile(url)).toBeNull()
  })

  it('never names anything outside the folder', () => {
    const piece = fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', 'a', 'main', '.js', '.html', '~', ':', '\0', ' ', '?', '#')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = resolveAppFile(`${APP_ORIGIN}/${pieces.join('')}`)?.path ?? 'a.js'
        expect(path.split('/')).not.toContain('..')
        expect(path).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._/-]*$/)
      }),
    )
  })
})

describe('isAppUrl', () => {
  it.each([APP_ENTRY, `${APP_ORIGIN}/`, `${APP_ORIGIN}/x?y#z`])('knows %j', (url) => {
    expect(isAppUrl(url)).toBe(true)
  })

  it.each([
    '',
    'about:blank',
    'app://spacepanda.evil/',
    'app://spacepanda:80/',
    'app://user@spacepanda/',
    'app://user:word@spacepanda/',
    'app:spacepanda',
    'file://spacepanda/',
    'https://spacepanda/',
    'data:text/html,app://spacepanda/',
    'blob:app://spacepanda/1',
  ])('refuses %j', (url) => {
    expect(isAppUrl(url)).toBe(false)
  })
})
