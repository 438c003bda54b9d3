import { tempDir } from '../temp-dir.ts'
import { Lab } from './lab.ts'
import { Residents } from './residents.ts'

/** Networks, the people in them, and what ends both. */
export interface Country {
  lab: Lab
  people: Residents
  dispose: () => Promise<void>
}

export function newCountry(): Country {
  const folder = tempDir()
  const lab = new Lab()
  const people = new Residents(folder.dir)
  const dispose = async (): Promise<void> => {
    await people.dispose()
    lab.dispose()
    folder.remove()
  }
  return { lab, people, dispose }
}
