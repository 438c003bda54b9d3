import { defaultCredentialTypes, defaultExtensionTypes, makeCustomExtension, protocolVersions } from 'ts-mls'
import type { Capabilities, GroupContextExtension, RequiredCapabilities } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { SETTINGS_BYTES } from './limits.ts'
import { X25519_SUITE, XWING_SUITE } from './provider/suites.ts'

/** The settings of a group, in a GroupContext extension of the private range (RFC 9420 §17.3). */
export const SETTINGS_EXTENSION = 0xf0a1
/** The space that a group is under, 16 bytes. Here and not in the settings: it decides whose leaves may be in the tree, and never changes. */
const PARENT_EXTENSION = 0xf0a2
const PARENT_BYTES = 16

/** What every leaf of ours can do. */
export const capabilities: Capabilities = {
  versions: [protocolVersions.mls10],
  ciphersuites: [XWING_SUITE, X25519_SUITE],
  extensions: [SETTINGS_EXTENSION, PARENT_EXTENSION],
  proposals: [],
  credentials: [defaultCredentialTypes.basic],
}

const required: RequiredCapabilities = {
  extensionTypes: [SETTINGS_EXTENSION],
  proposalTypes: [],
  credentialTypes: [defaultCredentialTypes.basic],
}

/** The whole extension list of a group: what members must be able to do, the settings, and the space it is under. Nothing else is ever in it. */
export const extensionsWith = (settings: Uint8Array, parent: GroupId | null): GroupContextExtension[] => [
  { extensionType: defaultExtensionTypes.required_capabilities, extensionData: required },
  makeCustomExtension({ extensionType: SETTINGS_EXTENSION, extensionData: settings }),
  ...(parent === null ? [] : [makeCustomExtension({ extensionType: PARENT_EXTENSION, extensionData: fromHex(parent) })]),
]

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((n, i) => n === b[i])

/** The settings, if the list is exactly of the form above; else null. */
export function settingsOf(extensions: readonly GroupContextExtension[]): Uint8Array | null {
  const [first, second, third, ...rest] = extensions
  if (first?.extensionType !== defaultExtensionTypes.required_capabilities || second?.extensionType !== SETTINGS_EXTENSION) return null
  if (third !== undefined && !(third.extensionType === PARENT_EXTENSION && third.extensionData.length === PARENT_BYTES)) return null
  if (rest.length > 0) return null
  const found = first.extensionData as RequiredCapabilities
  const same =
    sameNumbers(found.extensionTypes, required.extensionTypes) &&
    sameNumbers(found.proposalTypes, required.proposalTypes) &&
    sameNumbers(found.credentialTypes, required.credentialTypes)
  const settings = second.extensionData
  return same && settings.length <= SETTINGS_BYTES ? settings : null
}

/** The space that the group is under, of a list of the form above; null for a space. */
export function parentOf(extensions: readonly GroupContextExtension[]): GroupId | null {
  const third = extensions[2]
  return third?.extensionType === PARENT_EXTENSION ? (toHex(third.extensionData) as GroupId) : null
}
