// Serves the window over a fake node, with the content policy of the real one, for looking at it.
// Usage: node renderer/testing/preview.mjs [PORT]; then open http://127.0.0.1:PORT/?scene=hundred&theme=dark
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
// Not a static import: nothing under renderer depends on electron.
const { securityHeaders } = await import(here('../../electron/windows/security-headers.ts'))
const folder = await mkdtemp(join(tmpdir(), 'spacepanda-preview-'))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' }

await build({
  entryPoints: { start: here('./preview.tsx') },
  outdir: folder,
  bundle: true,
  format: 'esm',
  target: 'chrome130',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'file' },
  logLevel: 'warning',
})
await writeFile(join(folder, 'main.js'), "import('./start.js')")
await copyFile(here('../index.html'), join(folder, 'index.html'))

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://preview')
  const file = normalize(join(folder, pathname === '/' ? 'index.html' : pathname))
  const answer = (status, type, body) => response.writeHead(status, { ...securityHeaders, 'content-type': type }).end(body)
  if (!file.startsWith(folder)) return answer(404, 'text/plain', '')
  readFile(file).then(
    (body) => answer(200, types[extname(file)] ?? 'application/octet-stream', body),
    () => answer(404, 'text/plain', ''),
  )
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}/\n`)
})
