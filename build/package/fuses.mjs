/**
 * How a package's Electron is fused (docs of Electron: "Electron Fuses"), under electron-builder's names. What integrity of
 * the archive means is Electron's: checked on macOS and Windows, ignored on Linux, where the package manager guards the files.
 */
export const fuseStates = {
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableCookieEncryption: true,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
}

/** electron-builder's names → those of @electron/fuses. @type {Readonly<Record<keyof typeof fuseStates, string>>} */
const wireNames = {
  runAsNode: 'RunAsNode',
  enableNodeOptionsEnvironmentVariable: 'EnableNodeOptionsEnvironmentVariable',
  enableNodeCliInspectArguments: 'EnableNodeCliInspectArguments',
  enableCookieEncryption: 'EnableCookieEncryption',
  enableEmbeddedAsarIntegrityValidation: 'EnableEmbeddedAsarIntegrityValidation',
  onlyLoadAppFromAsar: 'OnlyLoadAppFromAsar',
  loadBrowserProcessSpecificV8Snapshot: 'LoadBrowserProcessSpecificV8Snapshot',
  grantFileProtocolExtraPrivileges: 'GrantFileProtocolExtraPrivileges',
}

/** A byte of the fuse wire: "1". */
const ON = 0x31

/**
 * Reads the fuses back from a program.
 * @param {string} program
 * @returns {Promise<Record<string, boolean>>}
 */
export const readFuses = async (program) => {
  const { FuseV1Options, getCurrentFuseWire } = (await import('@electron/fuses')).default
  const wire = await getCurrentFuseWire(program)
  return Object.fromEntries(
    Object.entries(wireNames).map(([ours, theirs]) => {
      const position = FuseV1Options[/** @type {keyof typeof FuseV1Options} */ (theirs)]
      return [ours, Number(wire[/** @type {keyof typeof wire} */ (position)]) === ON]
    }),
  )
}
