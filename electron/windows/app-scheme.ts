import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocol } from 'electron'
import type { ProtocolRequest, ProtocolResponse, Session } from 'electron'
import { APP_ENTRY, APP_SCHEME, resolveAppFile } from './app-path.ts'
import { securityHeaders } from './security-headers.ts'

/** Must run before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } }])
}

/**
 * Serves the built renderer, and nothing else on this machine, to one session. `root` is the folder of the built renderer, `page` says which
 * of its pages a window has. Files are few and small, and read at once: whatever waits for a turn comes later than the window could be there.
 */
export function serveApp(session: Session, root: string, page: () => string): void {
  session.protocol.registerBufferProtocol(APP_SCHEME, (request, answer) => {
    answer(read(request, root, page))
  })
}

function read({ url, method }: ProtocolRequest, root: string, page: () => string): ProtocolResponse {
  const file = resolveAppFile(url)
  if (method !== 'GET' || file === null) return refuse(403)
  try {
    const data = readFileSync(join(root, url === APP_ENTRY ? page() : file.path))
    return { data, headers: { ...securityHeaders, 'Content-Type': file.contentType } }
  } catch {
    return refuse(404)
  }
}

const refuse = (statusCode: number): ProtocolResponse => ({ statusCode, data: Buffer.alloc(0), headers: { ...securityHeaders } })
