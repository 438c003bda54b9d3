// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { useStickToEnd } from './use-stick-to-end.ts'

/** Of a list, as its browser would lay it out. */
let size: { clientWidth: number; clientHeight: number; scrollHeight: number; scrollTop: number }
let element: HTMLDivElement

beforeEach(() => {
  size = { clientWidth: 1000, clientHeight: 500, scrollHeight: 6_000, scrollTop: 5_500 }
  element = document.createElement('div')
  for (const name of ['clientWidth', 'clientHeight', 'scrollHeight', 'scrollTop'] as const)
    Object.defineProperty(element, name, { get: () => size[name] })
  element.scrollTo = (to?: ScrollToOptions | number) => {
    if (typeof to === 'object') size.scrollTop = Math.min(to.top ?? 0, size.scrollHeight - size.clientHeight)
  }
})

/** A list that stands at its end. */
function atItsEnd() {
  const place = { kind: 'end' } as const
  const options = { rows: [], scroller: { current: element }, live: true, place, onAtEnd: () => undefined, onWatch: () => undefined }
  const { result } = renderHook(() => useStickToEnd(options))
  const look = () => act(() => result.current.look())
  look()
  expect(result.current.atEnd).toBe(true)
  return { look, atEnd: () => result.current.atEnd }
}

it('stays at the end when that goes away because the window became narrower', () => {
  const { look, atEnd } = atItsEnd()
  size = { ...size, clientWidth: 480, scrollHeight: 12_000 }
  look()
  expect([atEnd(), size.scrollTop]).toEqual([true, 11_500])
  // Rows turn out to be higher still, once they are drawn.
  size = { ...size, scrollHeight: 13_000 }
  look()
  expect([atEnd(), size.scrollTop]).toEqual([true, 12_500])
})

it('lets whoever moves it go, also where rows turn out to be higher meanwhile', () => {
  const { look, atEnd } = atItsEnd()
  element.dispatchEvent(new Event('wheel'))
  size = { ...size, scrollHeight: 6_200, scrollTop: 5_000 }
  look()
  expect([atEnd(), size.scrollTop]).toEqual([false, 5_000])
})

it('holds nobody who has hold of the scroll bar, however long', async () => {
  const { look, atEnd } = atItsEnd()
  element.dispatchEvent(new Event('pointerdown'))
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  size = { ...size, scrollHeight: 6_200, scrollTop: 5_000 }
  look()
  expect([atEnd(), size.scrollTop]).toEqual([false, 5_000])
})

it('is away from the end where nothing but the place changed', () => {
  const { look, atEnd } = atItsEnd()
  size = { ...size, scrollTop: 4_000 }
  look()
  expect([atEnd(), size.scrollTop]).toEqual([false, 4_000])
})
