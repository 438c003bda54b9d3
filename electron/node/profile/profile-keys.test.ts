import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unlock } from '../../storage/key-file/key-file.ts'
import { OTHER, PASSPHRASE, keeperOver, keeperWithProfile, keyring } from '../../testing/fixtures/keeper.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

describe('the passphrase', () => {
  it('is changed by who knows it, and at once', async () => {
    const { keeper, dataDir, changes } = await keeperWithProfile()
    await expect(keeper.setPassphrase(OTHER, 'something new')).rejects.toEqual(code('wrong-passphrase'))
    await expect(keeper.setPassphrase(null, 'something new')).rejects.toEqual(code('passphrase-required'))
    expect((await keeper.setPassphrase(PASSPHRASE, OTHER)).passphrase).toBe(true)
    await keeper.lock()
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('wrong-passphrase'))
    expect((await keeper.unlock(OTHER)).name).toBe('Ann')
    await expect(unlock(dataDir, { passphrase: PASSPHRASE, vault: null })).rejects.toEqual(code('wrong-passphrase'))
    expect(changes()).toEqual(['open', 'open', 'locked', 'open'])
  })

  it('is set where there was none, and then it can be locked', async () => {
    const { keeper } = await keeperWithProfile(keyring(), null)
    expect(keeper.open().openers).toEqual({ passphrase: false, recovery: false, passphraseRequired: false })
    expect(await keeper.setPassphrase(null, OTHER)).toMatchObject({ passphrase: true, passphraseRequired: false })
    expect(await keeper.lock()).toMatchObject({ kind: 'locked', passphrase: true })
    await expect(keeper.unlock(null)).rejects.toEqual(code('passphrase-required'))
    await keeper.unlock(OTHER)
  })

  it('is removed where the keyring is safe', async () => {
    const vault = keyring()
    const { keeper, dataDir } = await keeperWithProfile(vault)
    expect((await keeper.setPassphrase(PASSPHRASE, null)).passphrase).toBe(false)
    await keeper.stop()
    const again = keeperOver(dataDir, vault)
    await again.keeper.openWithKeyring()
    expect(again.keeper.open().record.name).toBe('Ann')
    await expect(unlock(dataDir, { passphrase: PASSPHRASE, vault: null })).rejects.toEqual(code('unreadable'))
  })

  it('stays where there is no keyring', async () => {
    const { keeper } = await keeperWithProfile(keyring({ user: 1, safe: false, broken: false }))
    await expect(keeper.setPassphrase(PASSPHRASE, null)).rejects.toEqual(code('passphrase-required'))
    expect(await keeper.lock()).toMatchObject({ kind: 'locked', passphraseRequired: true })
    expect(await keeper.unlock(PASSPHRASE)).toMatchObject({ passphrase: true, passphraseRequired: true })
  })

  it('of a closed profile cannot be changed', async () => {
    const { keeper } = await keeperWithProfile()
    await keeper.lock()
    await expect(keeper.setPassphrase(PASSPHRASE, OTHER)).rejects.toEqual(code('locked'))
    await expect(keeper.makeRecoveryPhrase(PASSPHRASE)).rejects.toEqual(code('locked'))
  })

  it('tried several times at once is tried one after another', async () => {
    const { keeper } = await keeperWithProfile()
    await keeper.lock()
    const tries = await Promise.allSettled([OTHER, PASSPHRASE, OTHER].map((passphrase) => keeper.unlock(passphrase)))
    // The last one finds it open.
    expect(tries.map((one) => one.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  })
})

describe('a recovery phrase', () => {
  it('opens the profile when the passphrase is forgotten, sets a new one, and stays good', async () => {
    const { keeper } = await keeperWithProfile()
    await expect(keeper.makeRecoveryPhrase(OTHER)).rejects.toEqual(code('wrong-passphrase'))
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(PASSPHRASE)
    expect(keeper.status()).toMatchObject({ kind: 'open', profile: { recovery: true } })
    expect(await keeper.lock()).toEqual({ kind: 'locked', passphrase: true, recovery: true, passphraseRequired: true })
    await expect(keeper.recover('zoo '.repeat(24), OTHER)).rejects.toEqual(code('wrong-recovery-phrase'))
    await expect(keeper.recover(recoveryPhrase, null)).rejects.toEqual(code('passphrase-required'))
    expect(await keeper.recover(recoveryPhrase, OTHER)).toMatchObject({ name: 'Ann', passphrase: true, recovery: true })
    await expect(keeper.recover(recoveryPhrase, OTHER)).rejects.toEqual(code('profile-exists'))
    await keeper.lock()
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('wrong-passphrase'))
    await keeper.unlock(OTHER)
    await keeper.lock()
    await keeper.recover(recoveryPhrase, PASSPHRASE)
  })

  it('opens nothing any more once it is removed', async () => {
    const { keeper } = await keeperWithProfile()
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(PASSPHRASE)
    expect((await keeper.removeRecoveryPhrase(PASSPHRASE)).recovery).toBe(false)
    await keeper.lock()
    await expect(keeper.recover(recoveryPhrase, OTHER)).rejects.toEqual(code('wrong-recovery-phrase'))
  })

  it.each([
    ['gives back another key', { user: 0x11, safe: true, broken: false }],
    ['gives back nothing', { user: 0x55, safe: true, broken: true }],
    ['protects nothing any more', { user: 0x55, safe: false, broken: false }],
  ])('opens the profile where the keyring %s', async (_what, changed) => {
    const { keeper, dataDir } = await keeperWithProfile(keyring(), null)
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(null)
    await keeper.stop()
    const later = keeperOver(dataDir, keyring(changed)).keeper
    await later.openWithKeyring()
    expect(later.status()).toEqual({ kind: 'locked', passphrase: false, recovery: true, passphraseRequired: !changed.safe })
    expect(await later.recover(recoveryPhrase, OTHER)).toMatchObject({ name: 'Ann', passphrase: true })
    await later.lock()
    await later.unlock(OTHER)
  })

  it('is told to be missing where the keyring changed and there is none', async () => {
    const { keeper, dataDir } = await keeperWithProfile(keyring(), null)
    await keeper.stop()
    const later = keeperOver(dataDir, keyring({ user: 0x11, safe: true, broken: false })).keeper
    await later.openWithKeyring()
    expect(later.status()).toMatchObject({ kind: 'unreadable', repairable: false })
    await expect(later.create('Bob', OTHER)).rejects.toEqual(code('profile-exists'))
  })

  it('whose new wrap cannot be made leaves everything as it was', async () => {
    const { keeper, dataDir } = await keeperWithProfile(keyring(), null)
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(null)
    await keeper.stop()
    const later = keeperOver(dataDir, keyring({ user: 0x11, safe: true, broken: true })).keeper
    await expect(later.recover(recoveryPhrase, null)).rejects.toEqual(code('unreadable'))
    expect(later.opened).toBeNull()
    expect(await later.recover(recoveryPhrase, OTHER)).toMatchObject({ name: 'Ann' })
  })
})

describe('a damaged key file', () => {
  it('is mended when the profile opens, and told when its copy is damaged too', async () => {
    const { keeper, dataDir } = await keeperWithProfile()
    const [file, copy] = [join(dataDir, 'profile.json'), join(dataDir, 'profile.json.copy')]
    await keeper.lock()
    writeFileSync(file, 'x')
    expect(keeper.status()).toMatchObject({ kind: 'locked', passphrase: true })
    await keeper.unlock(PASSPHRASE)
    expect(readFileSync(file)).toEqual(readFileSync(copy))
    await keeper.lock()
    for (const one of [file, copy]) writeFileSync(one, 'x')
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/damaged/) as string, repairable: false })
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('unreadable'))
    await expect(keeper.create('Bob', OTHER)).rejects.toEqual(code('unreadable'))
    expect([file, copy].map((one) => readFileSync(one, 'utf8'))).toEqual(['x', 'x'])
    writeFileSync(file, '{"format":3}')
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/newer SpacePanda/) as string })
  })
})
