import {
  createApplicationMessage,
  createCommit,
  createGroup,
  clientStateDecoder,
  clientStateEncoder,
  decode,
  defaultCapabilities,
  defaultCredentialTypes,
  defaultProposalTypes,
  encode,
  generateKeyPackage,
  joinGroup,
  makeCustomExtension,
  mlsMessageDecoder,
  mlsMessageEncoder,
  nodeTypes,
  processMessage,
  unsafeTestingAuthenticationService,
  wireformats,
} from 'ts-mls'
import type { CiphersuiteImpl, ClientState, KeyPackage, MlsContext, MlsFramedMessage, PrivateKeyPackage, Proposal } from 'ts-mls'
import { copyBytes, fromUtf8, toHex, utf8 } from '../../kernel/bytes.ts'
import type { HistorySubject } from './history.ts'

const EXTENSION = 0xf0a1

export interface LibraryNewcomer {
  publicPackage: KeyPackage
  privatePackage: PrivateKeyPackage
}

const settingsExtension = (settings: Uint8Array) => makeCustomExtension({ extensionType: EXTENSION, extensionData: settings })

function framed(bytes: Uint8Array): MlsFramedMessage {
  const message = decode(mlsMessageDecoder, copyBytes(bytes))
  if (message?.wireformat === wireformats.mls_private_message || message?.wireformat === wireformats.mls_public_message) return message
  throw new Error('not a framed message')
}

const proposalsOf = (add: readonly LibraryNewcomer[], removeLeaves: readonly number[], settings: Uint8Array | null): Proposal[] => [
  ...add.map(({ publicPackage }) => ({ proposalType: defaultProposalTypes.add, add: { keyPackage: publicPackage } })),
  ...removeLeaves.map((removed) => ({ proposalType: defaultProposalTypes.remove, remove: { removed } })),
  ...(settings === null
    ? []
    : [
        {
          proposalType: defaultProposalTypes.group_context_extensions,
          groupContextExtensions: { extensions: [settingsExtension(settings)] },
        },
      ]),
]

/** A history played against ts-mls by itself, with whatever suite: shows what the corrections are for. */
export function librarySubject(
  suite: CiphersuiteImpl,
  authService = unsafeTestingAuthenticationService,
): HistorySubject<ClientState, LibraryNewcomer> {
  const context: MlsContext = { cipherSuite: suite, authService }
  const capabilities = { ...defaultCapabilities(), extensions: [...defaultCapabilities().extensions, EXTENSION] }
  return {
    newcomer: (number) =>
      generateKeyPackage({
        credential: { credentialType: defaultCredentialTypes.basic, identity: utf8(`member ${number}`) },
        capabilities,
        cipherSuite: suite,
      }),
    found: ({ publicPackage, privatePackage }) =>
      createGroup({
        context,
        groupId: new Uint8Array(16),
        keyPackage: publicPackage,
        privateKeyPackage: privatePackage,
        extensions: [settingsExtension(utf8('founded'))],
      }),
    async commit(state, { add, removeLeaves, settings }) {
      const extraProposals = proposalsOf(add, removeLeaves, settings)
      const made = await createCommit({ context, state, extraProposals, ratchetTreeExtension: true })
      return {
        state: made.newState,
        commit: encode(mlsMessageEncoder, made.commit),
        welcome: made.welcome === undefined ? null : encode(mlsMessageEncoder, made.welcome),
      }
    },
    async join({ publicPackage, privatePackage }, bytes) {
      const message = decode(mlsMessageDecoder, copyBytes(bytes))
      if (message?.wireformat !== wireformats.mls_welcome) throw new Error('not a welcome')
      return joinGroup({ context, welcome: message.welcome, keyPackage: publicPackage, privateKeys: privatePackage })
    },
    async follow(state, bytes) {
      const { newState } = await processMessage({ context, state, message: framed(bytes) })
      return newState.groupActiveState.kind === 'removedFromGroup' ? null : newState
    },
    async send(state, text) {
      const made = await createApplicationMessage({ context, state, message: utf8(text) })
      return { state: made.newState, message: encode(mlsMessageEncoder, made.message) }
    },
    async read(state, bytes) {
      const read = await processMessage({ context, state, message: framed(bytes) })
      if (read.kind !== 'applicationMessage') throw new Error('not an application message')
      return { state: read.newState, text: fromUtf8(read.message), senderLeaf: null }
    },
    tip: async (state) => toHex(state.keySchedule.epochAuthenticator),
    leafIndex: (state) => state.privatePath.leafIndex,
    occupied: (state) => state.ratchetTree.flatMap((node, i) => (node?.nodeType === nodeTypes.leaf ? [i / 2] : [])),
    restore(state) {
      const bytes = encode(clientStateEncoder, state)
      const restored = decode(clientStateDecoder, bytes)
      if (restored === undefined) throw new Error('cannot be restored')
      return restored
    },
  }
}
