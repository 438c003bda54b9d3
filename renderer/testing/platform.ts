/**
 * What jsdom lacks and the window's platform has: modal dialogs, media queries, sizes. Elements are
 * given a size, so that the virtual list draws its rows; nothing here stands in for our own code.
 */
export function installPlatform(): void {
  const dialog = HTMLDialogElement.prototype
  dialog.showModal = function showModal() {
    this.setAttribute('open', '')
  }
  dialog.close = function close() {
    this.removeAttribute('open')
  }
  window.matchMedia = (query) => new FakeMediaQuery(query)
  window.ResizeObserver = FakeResizeObserver
  HTMLElement.prototype.scrollTo = function scrollTo(options?: ScrollToOptions | number) {
    if (typeof options === 'object') this.scrollTop = options.top ?? 0
  }
  HTMLElement.prototype.scrollIntoView = function scrollIntoView() {
    this.dataset['scrolledTo'] = 'true'
  }
  // The virtual list takes no size from what is not laid out.
  Object.defineProperty(HTMLElement.prototype, 'offsetParent', { configurable: true, get: parentOf })
  for (const [property, size] of sizes) Object.defineProperty(HTMLElement.prototype, property, { configurable: true, get: () => size })
}

function parentOf(this: HTMLElement): Element | null {
  return this.parentElement
}

const HEIGHT = 10_000
const sizes = [
  ['offsetHeight', 40],
  ['offsetWidth', 800],
  ['clientHeight', HEIGHT],
] as const

/** As wide as a desktop window: every `min-width` holds, nothing else does. */
class FakeMediaQuery extends EventTarget implements MediaQueryList {
  readonly media: string
  readonly matches: boolean
  onchange = null
  constructor(media: string) {
    super()
    this.media = media
    this.matches = media.includes('min-width')
  }
  addListener(): void {
    throw new Error('addListener is deprecated')
  }
  removeListener(): void {
    throw new Error('removeListener is deprecated')
  }
}

/** Reports one size for everything observed, all that was observed at once together: a tall viewport, short rows. */
class FakeResizeObserver implements ResizeObserver {
  readonly #report: ResizeObserverCallback
  #waiting: ResizeObserverEntry[] = []
  constructor(report: ResizeObserverCallback) {
    this.#report = report
  }
  observe(target: Element): void {
    const scrolls = target instanceof HTMLElement && target.tabIndex === -1 && target.tagName === 'DIV'
    const contentRect = new DOMRect(0, 0, 800, scrolls ? HEIGHT : 40)
    const size = [{ inlineSize: 800, blockSize: contentRect.height }]
    const entry = { target, contentRect, borderBoxSize: size, contentBoxSize: size, devicePixelContentBoxSize: size }
    this.#waiting.push(entry)
    if (this.#waiting.length === 1) queueMicrotask(() => this.#report(this.#waiting.splice(0), this))
  }
  unobserve(): void {}
  disconnect(): void {}
}
