import { describe, expect, it } from 'vitest'
import { securityHeaders } from './security-headers.ts'

describe('securityHeaders', () => {
  const directives = new Map(
    (securityHeaders['Content-Security-Policy'] ?? '').split('; ').map((directive): [string, string] => {
      const [name = '', ...values] = directive.split(' ')
      return [name, values.join(' ')]
    }),
  )

  it('allows nothing by default', () => {
    expect(directives.get('default-src')).toBe("'none'")
    for (const name of ['connect-src', 'frame-src', 'worker-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'])
      expect(directives.get(name), name).toBe("'none'")
  })

  it('names no origin but the own one and nothing unsafe', () => {
    for (const [name, value] of directives)
      if (!name.includes('trusted-types')) expect(["'none'", "'self'"], `${name} ${value}`).toContain(value)
  })

  it('keeps types and origins apart', () => {
    expect(securityHeaders['X-Content-Type-Options']).toBe('nosniff')
    expect(securityHeaders['Cross-Origin-Embedder-Policy']).toBe('require-corp')
    expect(securityHeaders['Cross-Origin-Resource-Policy']).toBe('same-origin')
    expect(securityHeaders['Permissions-Policy']).toMatch(/^(?:[a-z-]+=\(\)(?:, |$))+$/)
  })
})
