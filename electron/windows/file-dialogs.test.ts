import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Dialogs } from './file-dialogs.ts'
import { createFileDialogs } from './file-dialogs.ts'

const window = { id: 1 }

describe('createFileDialogs', () => {
  const showSaveDialog = vi.fn<Dialogs<typeof window>['showSaveDialog']>()
  const showOpenDialog = vi.fn<Dialogs<typeof window>['showOpenDialog']>()
  const ask = createFileDialogs({ dialog: { showSaveDialog, showOpenDialog }, window: () => window, documents: () => '/home/ann' })

  beforeEach(() => {
    vi.resetAllMocks()
    showSaveDialog.mockResolvedValue({ canceled: false, filePath: '/home/ann/chosen' })
    showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/home/ann/chosen', '/second'] })
  })

  it.each([
    ['save-backup', 'spacepanda-backup'],
    ['save-json', 'json'],
    ['save-html', 'html'],
  ] as const)('asks where to save for %s, and gives the name its ending', async (purpose, extension) => {
    expect(await ask({ purpose, name: 'general' })).toBe(`/home/ann/chosen.${extension}`)
    expect(showSaveDialog).toHaveBeenCalledExactlyOnceWith(
      window,
      expect.objectContaining({ defaultPath: `/home/ann/general.${extension}` }),
    )
    showSaveDialog.mockResolvedValue({ canceled: false, filePath: `/x.${extension.toUpperCase()}` })
    expect(await ask({ purpose, name: `general.${extension}` })).toBe(`/x.${extension.toUpperCase()}`)
    expect(showSaveDialog).toHaveBeenLastCalledWith(window, expect.objectContaining({ defaultPath: `/home/ann/general.${extension}` }))
    expect(showOpenDialog).not.toHaveBeenCalled()
  })

  it.each([
    ['open-backup', 'openFile'],
    ['backup-folder', 'openDirectory'],
  ] as const)('asks for one for %s, and takes it as it is', async (purpose, property) => {
    expect(await ask({ purpose, name: '' })).toBe('/home/ann/chosen')
    const [, options] = showOpenDialog.mock.calls[0] ?? []
    expect(options?.properties).toContain(property)
    expect(options?.properties).not.toContain('multiSelections')
    expect(showSaveDialog).not.toHaveBeenCalled()
  })

  it('answers nothing when the person thinks better of it, and when there is no window', async () => {
    showSaveDialog.mockResolvedValue({ canceled: true, filePath: '' })
    showOpenDialog.mockResolvedValue({ canceled: true, filePaths: [] })
    expect(await ask({ purpose: 'save-json', name: 'a' })).toBeNull()
    expect(await ask({ purpose: 'open-backup', name: 'a' })).toBeNull()
    const alone = createFileDialogs({ dialog: { showSaveDialog, showOpenDialog }, window: () => null, documents: () => '/' })
    showSaveDialog.mockClear()
    expect(await alone({ purpose: 'save-json', name: 'a' })).toBeNull()
    expect(showSaveDialog).not.toHaveBeenCalled()
  })
})
