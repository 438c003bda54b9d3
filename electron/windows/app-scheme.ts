import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { protocol } from 'electron'
import type { Session } from 'electron'
import { APP_SCHEME, resolveAppFile } from './app-path.ts'
import { securityHeaders } from './security-headers.ts'

/** Must run before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, codeCache: true } }])
}

/** Serves the built renderer, and nothing else on this machine, to one session. `root` is the folder of the built renderer. */
export function serveApp(session: Session, root: string): void {
  session.protocol.handle(APP_SCHEME, (request) => answer(request, root))
}

async function answer(request: Request, root: string): Promise<Response> {
  const file = resolveAppFile(request.url)
  if (request.method !== 'GET' || file === null) return refuse(403)
  try {
    const body = await readFile(join(root, file.path))
    return new Response(new Uint8Array(body), { headers: { ...securityHeaders, 'Content-Type': file.contentType } })
  } catch {
    return refuse(404)
  }
}

const refuse = (status: number): Response => new Response(null, { status, headers: { ...securityHeaders } })
