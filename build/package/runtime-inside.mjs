import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the program that names its version lies in an unpacked package. @type {Readonly<Record<string, string>>} */
const programs = {
  linux: 'spacepanda',
  win32: 'SpacePanda.exe',
  darwin: 'SpacePanda.app/Contents/Frameworks/Electron Framework.framework/Versions/A/Electron Framework',
}

/**
 * The version of Electron that a program names in what it tells web sites: what is inside, whatever was asked for.
 * @param {Buffer} program
 */
export const electronVersionIn = (program) => {
  for (let at = program.indexOf('Electron/'); at >= 0; at = program.indexOf('Electron/', at + 1)) {
    const version = /^Electron\/(\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?)/.exec(program.toString('latin1', at, at + 40))?.[1]
    if (version !== undefined) return version
  }
  return 'unknown'
}

/** @param {string} unpacked */
export const runtimeInside = async (unpacked) =>
  electronVersionIn(await readFile(join(unpacked, programs[process.platform] ?? 'spacepanda')))
