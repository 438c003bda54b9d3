import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Instance } from '../fixtures/instance.ts'
import { Instances } from '../fixtures/instances.ts'
import { remoteRequests, textToCode } from '../fixtures/probes.ts'
import { listenUdp } from '../fixtures/udp-listener.ts'
import { violatedBy } from '../fixtures/violations.ts'
import { askMain } from '../fixtures/ask-main.ts'

const ENTRY = 'app://spacepanda/index.html'

/** Items 3 to 7, 9 and 10 of the hardening checklist, by their numbers. */
describe('the page stays by itself', { timeout: 60_000 }, () => {
  const instances = new Instances()
  let instance: Instance
  /** Counts whoever gets through to a server on this machine; nobody may. */
  let visits = 0
  const server = createServer((_request, response) => {
    visits += 1
    response.end('reached')
  })
  /** Of any protocol. */
  let connections = 0
  server.on('connection', () => (connections += 1))
  let remote = ''

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    instance = await instances.fresh('content')
    await instance.page.waitForFunction(() => document.readyState === 'complete')
  }, 60_000)
  afterAll(async () => {
    await instances.end()
    await new Promise((done) => server.close(done))
  })

  const windows = (): Promise<number> => askMain(instance.app, ({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  const nothingHappened = async (): Promise<void> => {
    await instance.page.waitForTimeout(300)
    expect(instance.page.url()).toBe(ENTRY)
    expect(await windows()).toBe(1)
    expect(visits).toBe(0)
  }

  it('3: is served from its own scheme, which serves nothing else', async () => {
    expect(instance.page.url()).toBe(ENTRY)
    const statuses = await askMain(
      instance.app,
      ({ session }, urls) => Promise.all(urls.map(async (url) => (await session.defaultSession.fetch(url)).status)),
      [
        ENTRY,
        'app://spacepanda/main.mjs',
        'app://spacepanda/..%2fmain.mjs',
        'app://spacepanda/..%2f..%2f..%2fpackage.json',
        'app://spacepanda/none.js',
        'app://other/index.html',
        `${ENTRY}?query`,
      ],
    )
    expect(statuses).toEqual([200, 403, 403, 403, 404, 403, 403])
  })

  it('3: reaches no file', async () => {
    const file = process.platform === 'win32' ? 'file:///C:/Windows/win.ini' : 'file:///etc/passwd'
    const fromPage = await instance.page.evaluate(
      (url) =>
        fetch(url).then(
          () => 'read',
          () => 'refused',
        ),
      file,
    )
    expect(fromPage).toBe('refused')
    const loaded = await askMain(
      instance.app,
      ({ BrowserWindow }, url) => {
        const window = new BrowserWindow({ show: false })
        return window
          .loadURL(url)
          .then(
            () => 'read',
            () => 'refused',
          )
          .finally(() => window.destroy())
      },
      file,
    )
    expect(loaded).toBe('refused')
  })

  it('4: carries the policy with every answer', async () => {
    const policy = await askMain(
      instance.app,
      async ({ session }, url) => {
        const response = await session.defaultSession.fetch(url)
        return response.headers.get('content-security-policy') ?? ''
      },
      ENTRY,
    )
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })

  it('4: runs no inline script and evaluates no text', async () => {
    const violations = await violatedBy(instance.page, textToCode)
    expect(violations).toEqual(Array.from({ length: 5 }, () => 'require-trusted-types-for'))
    expect(await instance.page.evaluate(() => 'probed' in window)).toBe(false)
  })

  it('4: loads nothing from elsewhere, in no way there is', async () => {
    const violations = await violatedBy(instance.page, remoteRequests(remote), 800)
    for (const name of ['connect-src', 'img-src', 'style-src-elem', 'frame-src', 'media-src', 'script-src-elem'])
      expect(violations, name).toContain(name)
    expect(visits).toBe(0)
  })

  it('5: lets nothing through to the network even where no policy looks', async () => {
    const answers = await askMain(
      instance.app,
      ({ session }, urls) =>
        Promise.all(
          urls.map((url) =>
            session.defaultSession.fetch(url).then(
              () => 'reached',
              () => 'refused',
            ),
          ),
        ),
      [remote, 'https://example.org/', 'ftp://127.0.0.1/'],
    )
    expect(answers).toEqual(['refused', 'refused', 'refused'])
    expect(visits).toBe(0)
  })

  it('5: lets nothing out by WebRTC, which no policy covers', async () => {
    const udp = await listenUdp()
    const candidates = await instance.page.evaluate(
      async ({ udpPort, tcpPort }) => {
        const turn = { urls: `turn:127.0.0.1:${tcpPort}?transport=tcp`, username: 'x', credential: 'x' }
        const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${udpPort}` }, turn] })
        const found: string[] = []
        connection.onicecandidate = ({ candidate }) => found.push(candidate?.candidate ?? '')
        connection.createDataChannel('x')
        await connection.setLocalDescription()
        await new Promise((done) => setTimeout(done, 1_500))
        connection.close()
        return found.filter((candidate) => candidate !== '')
      },
      { udpPort: udp.port, tcpPort: Number(new URL(remote).port) },
    )
    expect([udp.received(), connections, candidates]).toEqual([0, 0, []])
    await udp.close()
  })

  it('5: asks for nothing but its own files, from the first request on', async () => {
    const requests: string[] = []
    instance.page.on('request', (request) => requests.push(request.url()))
    await instance.page.reload()
    await instance.page.waitForFunction(() => document.readyState === 'complete')
    expect(requests.length).toBeGreaterThan(0)
    expect(requests.filter((url) => !url.startsWith('app://spacepanda/'))).toEqual([])
  })

  it('6: goes nowhere by itself', async () => {
    const targets = [
      `${remote}/page`,
      'https://example.org/',
      'data:text/html,gone',
      'app://other/',
      'spacepanda:join/abc',
      'app://spacepanda/none.html',
    ]
    for (const target of targets) {
      await instance.page.evaluate((url) => {
        location.href = url
      }, target)
      await nothingHappened()
    }
    await instance.page.evaluate((url) => {
      const form = Object.assign(document.createElement('form'), { action: url, method: 'post' })
      document.body.append(form)
      form.submit()
      const refresh = Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: `0;url=${url}` })
      document.head.append(refresh)
    }, `${remote}/form`)
    await nothingHappened()
  })

  it('6: comes back from an empty page, which Chromium lets it reach', async () => {
    await instance.page.evaluate(() => {
      location.href = 'about:blank'
    })
    await instance.page.waitForURL(ENTRY)
    await instance.page.waitForFunction(() => document.readyState === 'complete' && 'spacepanda' in window)
  })

  it('6: follows no redirect', async () => {
    const prevented = await askMain(instance.app, ({ webContents }) => {
      let count = 0
      const [contents] = webContents.getAllWebContents()
      for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate'])
        (contents as unknown as NodeJS.EventEmitter).emit(name, { preventDefault: () => (count += 1) })
      return count
    })
    expect(prevented).toBe(3)
  })

  it('7: opens no window', async () => {
    const targets = [
      '',
      'about:blank',
      remote,
      'https://example.org/',
      'javascript:alert(1)',
      'data:text/html,x',
      ENTRY,
      'file:///etc/passwd',
    ]
    const opened = await instance.page.evaluate((urls) => urls.map((url) => window.open(url) !== null), targets)
    expect(opened).toEqual(targets.map(() => false))
    await nothingHappened()
  })

  it('9: is granted no permission', async () => {
    const states = await instance.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi', 'persistent-storage'] as const
      const asked = await Promise.all(
        names.map((name) => navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state)),
      )
      const refusal = (attempt: Promise<unknown>): Promise<string> =>
        attempt.then(
          () => 'granted',
          () => 'refused',
        )
      const used = await Promise.all([
        refusal(navigator.mediaDevices.getUserMedia({ audio: true })),
        refusal(navigator.mediaDevices.getDisplayMedia({ video: true })),
        refusal(navigator.clipboard.readText()),
        refusal(new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail))),
        Notification.requestPermission().then((state) => (state === 'granted' ? 'granted' : 'refused')),
      ])
      return [...asked, ...used]
    })
    expect(states.filter((state) => state !== 'denied' && state !== 'refused')).toEqual([])
  })

  it('10: hands no link to the system', async () => {
    await askMain(instance.app, ({ shell }) => {
      Object.assign(shell, { openExternal: () => Promise.resolve(Object.assign(globalThis, { handedOver: true })) })
    })
    const links = [
      'https://example.org/',
      'file:///etc/passwd',
      'smb://host/share',
      'ms-msdt:/id',
      '\\\\host\\share',
      'mailto:a@example.org',
      'vscode://x',
      'javascript:alert(1)',
    ]
    for (const target of ['_self', '_blank', '_top']) {
      await instance.page.evaluate(
        ({ urls, where }) => {
          for (const url of urls) {
            const link = Object.assign(document.createElement('a'), { href: url, target: where })
            document.body.append(link)
            link.click()
            link.remove()
          }
        },
        { urls: links, where: target },
      )
      await nothingHappened()
    }
    expect(await askMain(instance.app, () => 'handedOver' in globalThis)).toBe(false)
  })

  it('downloads nothing', async () => {
    await instance.page.evaluate(() => {
      Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x.txt' }).click()
    })
    await nothingHappened()
  })
})
