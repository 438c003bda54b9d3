import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { JSDOM } from 'jsdom'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Work } from '../../kernel/work.ts'
import { unwatched } from '../../kernel/work.ts'
import type { MessageRow, Store } from '../../ports/store.ts'
import { addMessage, channelId, groupId, groupRow, memberId, messageId, messageRow } from '../../testing/contracts/store/rows.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { channelSource } from './channel-source.ts'
import { exportChannel } from './export-channel.ts'
import type { ExportFormat } from './export-channel.ts'

const NOW = Date.UTC(2026, 10, 23, 12)

interface Names {
  space?: string
  channel?: string
  author?: string
}

function storeWith(messages: Partial<MessageRow>[], { space = 'Garden', channel = 'general', author = 'Ann' }: Names = {}): Store {
  const store = createMemoryStore()
  store.transaction((tx) => {
    tx.groups.put(groupRow())
    const at = { groupId: groupId(1), kind: 'space' as const, parent: null, createdAt: 1 }
    const channels = [channelId(1), channelId(2)].map((id, position) => ({
      ...{ channelId: id, groupId: groupId(1), name: position === 0 ? channel : 'other', kind: 'open' as const, position },
    }))
    const member = { groupId: groupId(1), memberId: memberId(1), name: author, role: 'member' as const, devices: 1, active: true }
    tx.directory.replace({ ...at, name: space }, channels, [member])
    messages.forEach((row, n) => addMessage(tx, messageRow(n + 1, { author: memberId(1), sentAt: NOW + n, lamport: NOW + n, ...row })))
  })
  return store
}

let dir = ''
beforeEach(() => {
  const folder = tempDir()
  dir = folder.dir
  onTestFinished(folder.remove)
})

async function exported(store: Store, format: ExportFormat, work: Work = unwatched): Promise<string> {
  const file = join(dir, `out.${format}`)
  await exportChannel(channelSource(store, channelId(1)), format, file, NOW, work)
  return readFileSync(file, 'utf8')
}

const pageOf = async (store: Store): Promise<Document> => new JSDOM(await exported(store, 'html')).window.document

describe('a channel as JSON', () => {
  it('holds the messages of the command line, the oldest first, and where they are from', async () => {
    const store = storeWith([{ text: 'first' }, { text: 'second', replyTo: messageId(1) }])
    expect(JSON.parse(await exported(store, 'json'))).toEqual({
      ...{ format: 'spacepanda-channel', version: 1, exportedAt: NOW },
      space: { spaceId: groupId(1), name: 'Garden' },
      channel: { channelId: channelId(1), name: 'general', kind: 'open' },
      messages: [
        expect.objectContaining({
          messageId: messageId(1),
          author: { memberId: memberId(1), name: 'Ann' },
          text: 'first',
          replyTo: null,
          seq: 1,
        }),
        expect.objectContaining({ messageId: messageId(2), sentAt: NOW + 1, text: 'second', replyTo: messageId(1), state: 'delivered' }),
      ],
    })
  })

  it('of nothing is whole too', async () => {
    expect(JSON.parse(await exported(storeWith([]), 'json'))).toMatchObject({ channel: { name: 'general' }, messages: [] })
  })

  it('keeps any text as it is', async () => {
    const texts = ['"\\\n\u0000\u2028\u202e</script>', '\ud800 alone', '👩‍🚀'.repeat(500)]
    const { messages } = JSON.parse(await exported(storeWith(texts.map((text) => ({ text }))), 'json')) as { messages: { text: string }[] }
    expect(messages.map(({ text }) => text)).toEqual(texts)
  })
})

describe('a long channel', () => {
  const long = (): Store => storeWith(Array.from({ length: 1001 }, (_, n) => ({ text: `number ${n}` })))

  it('comes page by page, each message once, with its progress', async () => {
    const told: [number, number | null][] = []
    const { messages } = JSON.parse(await exported(long(), 'json', { ...unwatched, progress: (...how) => told.push(how) })) as {
      messages: { text: string }[]
    }
    expect(messages.map(({ text }) => text)).toEqual(Array.from({ length: 1001 }, (_, n) => `number ${n}`))
    expect(told.length).toBeGreaterThan(4)
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).toSorted((a, b) => a - b))
    expect(told.at(-1)).toEqual([1001, 1001])
    expect((await pageOf(long())).querySelectorAll('.message')).toHaveLength(1001)
  })

  it('holds what comes while it is written, at its end', async () => {
    const store = long()
    let added = false
    const progress = (): void => {
      if (!added) store.transaction((tx) => addMessage(tx, messageRow(5000, { text: 'late', author: memberId(1), lamport: NOW + 5000 })))
      added = true
    }
    const { messages } = JSON.parse(await exported(store, 'json', { ...unwatched, progress })) as { messages: { text: string }[] }
    expect(messages.at(-1)).toMatchObject({ text: 'late' })
  })

  it.each(['json', 'html'] as const)('cancelled as %s leaves nothing', async (format) => {
    const abort = new AbortController()
    const work = { signal: abort.signal, progress: () => abort.abort() }
    await expect(exported(long(), format, work)).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('an exported file', () => {
  it('is for its owner alone, and takes the place of none', async () => {
    await exported(storeWith([]), 'json')
    expect(statSync(join(dir, 'out.json')).mode & 0o777).toBe(0o600)
    writeFileSync(join(dir, 'out.json'), 'mine')
    await expect(exported(storeWith([]), 'json')).rejects.toMatchObject({ code: 'conflict' })
    expect(readFileSync(join(dir, 'out.json'), 'utf8')).toBe('mine')
    expect(readdirSync(dir)).toEqual(['out.json'])
  })

  it('is not made of a channel that is not there, nor where the store closes under it', async () => {
    expect(() => channelSource(storeWith([]), channelId(9))).toThrow(expect.objectContaining({ code: 'not-found' }))
    const store = storeWith([{ text: 'x' }])
    const source = channelSource(store, channelId(1))
    store.close()
    await expect(exportChannel(source, 'json', join(dir, 'out.json'), NOW, unwatched)).rejects.toMatchObject({ code: 'stopping' })
    expect(existsSync(join(dir, 'out.json'))).toBe(false)
  })
})

describe('a page', () => {
  it('shows who said what and when, day by day', async () => {
    const page = await pageOf(storeWith([{ text: 'two\nlines' }, { text: 'next day', sentAt: NOW + 86_400_000, replyTo: messageId(1) }]))
    expect(page.title).toBe('#general – Garden')
    expect(page.querySelector('h1')?.textContent).toBe('#general')
    expect([...page.querySelectorAll('h2')].map((h) => h.textContent)).toEqual(['Monday, 23 November 2026', 'Tuesday, 24 November 2026'])
    expect([...page.querySelectorAll('.text')].map((p) => p.textContent)).toEqual(['two\nlines', 'next day'])
    expect(page.querySelector('time')?.dateTime).toBe(new Date(NOW).toISOString())
    const link = page.querySelector<HTMLAnchorElement>('.reply a')
    expect(page.querySelector(link?.getAttribute('href') ?? '')?.textContent).toContain('two\nlines')
    expect(page.querySelector('footer')?.textContent).toBe('2 messages')
  })

  it('says so when what is answered is not here, or in another channel', async () => {
    const page = await pageOf(
      storeWith([{ channelId: channelId(2), text: 'elsewhere' }, { replyTo: messageId(9) }, { replyTo: messageId(1) }]),
    )
    expect([...page.querySelectorAll('.reply')].map((p) => p.textContent)).toEqual(Array(2).fill('In reply to a message that is not here'))
    expect(page.body.textContent).not.toContain('elsewhere')
  })

  it.each([NaN, 9e15, -9e15, 1e300])('lives with the time %d, which anyone can say', async (sentAt) => {
    expect((await pageOf(storeWith([{ sentAt, text: 'hello' }]))).body.textContent).toContain('unknown time')
  })

  it('needs nothing else and can do nothing', async () => {
    const html = await exported(storeWith([{ text: 'hello' }]), 'html')
    const page = new JSDOM(html).window.document
    const csp = page.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? ''
    expect(csp).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'$/)
    const style = page.querySelector('style')?.textContent ?? ''
    const { createHash } = await import('node:crypto')
    expect(csp).toContain(createHash('sha256').update(style).digest('base64'))
    expect(style).toContain('prefers-color-scheme: dark')
    expect(style).toContain('@media print')
    expect(page.querySelectorAll('script, link, img, iframe, object, embed, form, base, [style], [onload], [onerror]')).toHaveLength(0)
    expect(html).not.toMatch(/https?:|url\(|@import/)
    // Before any text of others.
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<title>'))
  })
})

const hostile = [
  '<script>alert(1)</script>',
  '</p></li></ol></main><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><script>alert(1)</script>',
  '</style><style>*{display:none}</style>',
  '<!-- --><style>@import url(//evil)</style>',
  '<base href="//evil/"><a href="javascript:alert(1)">x</a>',
  '<meta http-equiv="refresh" content="0;url=//evil">',
  '&lt;b&gt; &amp;amp; &#60;script&#62;',
  '\u0000<\u0000script>',
  '<plaintext><textarea><xmp><noscript><template>',
  '\u202e\u2067\u2066 reversed <b>',
  ']]><![CDATA[<script>',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} `',
]

describe('hostile text', () => {
  it.each(hostile)('%j stays text, wherever it stands', async (text) => {
    const names = { space: text, channel: text, author: text }
    const calm = await pageOf(storeWith([{ text: 'calm' }, { text: 'calm', replyTo: messageId(1) }]))
    const html = await (async () => {
      const file = join(dir, 'hostile.html')
      const store = storeWith([{ text }, { text, replyTo: messageId(1) }], names)
      await exportChannel(channelSource(store, channelId(1)), 'html', file, NOW, unwatched)
      return readFileSync(file, 'utf8')
    })()
    const page = new JSDOM(html).window.document
    const shape = (document: Document): string[] =>
      [...document.querySelectorAll('*')].map((element) => `${element.tagName} ${element.getAttributeNames().join()}`)
    // The same elements with the same attributes as a page of calm text, in the same order.
    expect(shape(page)).toEqual(shape(calm))
    const visible = text.replaceAll('\u0000', '\ufffd')
    expect([...page.querySelectorAll('.text')].map((p) => p.textContent)).toEqual([visible, visible])
    expect(page.querySelector('.author')?.textContent).toBe(visible)
  })

  it('cannot turn what stands beside it', async () => {
    const evil = '\u202eevil'
    const page = await pageOf(
      storeWith([{ text: evil }, { text: 'x', replyTo: messageId(1) }], { space: evil, channel: evil, author: evil }),
    )
    const walk = page.createTreeWalker(page, 4)
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
      const parent = node.parentElement
      if (!(node.textContent ?? '').includes('\u202e') || parent === null) continue
      expect([parent.tagName, parent.getAttribute('dir')]).toEqual(parent.tagName === 'BDI' ? ['BDI', null] : ['P', 'auto'])
    }
    expect(page.title).toBe('#evil – evil')
    expect(page.body.textContent).toContain(evil)
  })

  it('that is one endless word does not widen the page', async () => {
    const page = await pageOf(storeWith([{ text: 'x'.repeat(16_000) }]))
    const style = page.querySelector('style')?.textContent ?? ''
    for (const selector of ['.text', '.author', 'h1', '.reply'])
      expect(style).toMatch(new RegExp(`\\${selector.startsWith('.') ? '' : 'b'}${selector} \\{[^}]*overflow-wrap: anywhere`))
    expect(page.querySelector('.text')?.textContent).toHaveLength(16_000)
  })
})
