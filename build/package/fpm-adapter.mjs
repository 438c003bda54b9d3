#!/usr/bin/env node
/**
 * Stands in for fpm (electron-builder asks CUSTOM_FPM_PATH), which it would download: makes a deb or an rpm of what electron-builder asks fpm
 * for, with the system's own dpkg-deb or rpmbuild.
 */
import { makeDeb } from './fpm/deb.mjs'
import { parseRequest } from './fpm/request.mjs'
import { makeRpm } from './fpm/rpm.mjs'

try {
  const request = parseRequest(process.argv.slice(2))
  await (request.kind === 'deb' ? makeDeb : makeRpm)(request)
} catch (error) {
  process.stderr.write(`fpm-adapter: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
