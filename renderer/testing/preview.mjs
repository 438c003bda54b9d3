// Serves the window over a fake node, with the content policy of the real one, for looking at it.
// Usage: node renderer/testing/preview.mjs [PORT]; then open http://127.0.0.1:PORT/?scene=hundred&theme=dark
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
// Not static imports: nothing under renderer depends on electron, or on how it is built.
const { securityHeaders } = await import(here('../../electron/windows/security-headers.ts'))
const { firstLetters } = await import(here('../../build/bundle/first-letters.mjs'))
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
}

const { outputFiles } = await build({
  entryPoints: { start: here('./preview.tsx') },
  // A name only: what is built is kept in memory, so that nothing is left when this is ended.
  outdir: '/',
  write: false,
  bundle: true,
  format: 'esm',
  target: 'chrome130',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'file' },
  plugins: [firstLetters],
  logLevel: 'warning',
})
/** @type {Map<string, Uint8Array | string>} */
const files = new Map(outputFiles.map(({ path, contents }) => [path, contents]))
files.set('/main.js', "import('./start.js')")
// One style sheet for both: nothing of the page is drawn before its program here.
files.set('/page.css', files.get('/start.css') ?? '')
files.set('/', await readFile(here('../index.html')))

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://preview')
  const body = files.get(pathname)
  const type = pathname === '/' ? types['.html'] : (types[extname(pathname)] ?? 'application/octet-stream')
  response.writeHead(body === undefined ? 404 : 200, { ...securityHeaders, 'content-type': type }).end(body ?? '')
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}/\n`)
})
